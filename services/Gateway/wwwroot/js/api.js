// The Gateway's HTTP API. Failures are thrown as Problem.
import { locale } from "./i18n.js";

/** What went wrong, as the Gateway says it (RFC 9457), or as the network does (status 0). */
export class Problem extends Error {
  constructor(body) {
    super(body.title ?? "");
    this.status = body.status ?? 0;
    this.code = body.code ?? "NETWORK";
    this.retryAfterSeconds = body.retryAfterSeconds ?? 0;
  }
}

async function call(method, path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        "Accept-Language": locale(),
        "X-Requested-With": "mesh-chat",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({});
  }
  if (response.ok) return response;
  let problem = { status: response.status };
  try {
    problem = { ...problem, ...(await response.json()) };
  } catch {
    // Not ours: a proxy's page. The status says enough.
  }
  throw new Problem(problem);
}

export const openSession = async request => (await call("POST", "/api/chat/session", request)).json();
export const sendFeedback = feedback => call("POST", "/api/chat/feedback", feedback);

export const getPassage = async (chunkId, snapshotId, signal) =>
  (await call("GET", `/api/chat/passages/${encodeURIComponent(chunkId)}?snapshot=${encodeURIComponent(snapshotId ?? "")}`, undefined, signal)).json();

/** Sends a message; yields the events of its turn. */
export async function* sendMessage(message, signal) {
  yield* events(await call("POST", "/api/chat/messages", message, signal), signal);
}

/** What was said in a conversation after a sequence, then what is being said, until the connection ends. */
export async function* followConversation(id, after, signal) {
  yield* events(await call("GET", `/api/chat/conversations/${encodeURIComponent(id)}/events?after=${after}`, undefined, signal), signal);
}

// Server-sent events, as the HTML standard describes them, read from a fetch: EventSource can neither post nor tell why it failed.
async function* events(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let type = "";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { type: type || "message", data: JSON.parse(data.join("\n")) };
          type = "";
          data = [];
        } else if (!line.startsWith(":")) {
          const colon = line.indexOf(":");
          const field = colon < 0 ? line : line.slice(0, colon);
          const content = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
          if (field === "event") type = content;
          else if (field === "data") data.push(content);
        }
      }
    }
  } catch (error) {
    if (error.name === "AbortError" || signal?.aborted) throw new DOMException("", "AbortError");
    if (error instanceof SyntaxError) throw error;
    throw new Problem({});
  } finally {
    reader.cancel().catch(() => {}); // Already broken: nothing is left to cancel.
  }
}
