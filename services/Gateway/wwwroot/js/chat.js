// The conversation as this page knows it: what was said, what is being answered, who answers. Shows nothing itself; the view is told what has changed.
import { followConversation, openSession, Problem, sendMessage } from "./api.js";
import { language } from "./i18n.js";

const firstPause = 1_000;
const longestPause = 30_000;
// A stream that ends sooner than this has not really been one.
const realStream = 5_000;
const longestTurn = 60_000;

export class Chat {
  #view;
  #conversation = null;
  #sequence = 0;
  #owner = "OWNER_BOT";
  #agent = "";
  #position = 0;
  #messages = new Map();
  #confirmations = new Map();
  #queue = Promise.resolve();
  #turn = null;
  #remoteTurn = "";
  #held = [];
  #follower = null;
  #opened = Date.now();

  constructor(view) {
    this.#view = view;
  }

  get conversation() { return this.#conversation; }
  get owner() { return this.#owner; }
  get agent() { return this.#agent; }

  /** Takes up a conversation where it is; null begins a new one with the next message. */
  open(conversation) {
    this.#follower?.abort();
    this.#turn?.abort.abort();
    this.#conversation = null;
    this.#sequence = 0;
    this.#owner = "OWNER_BOT";
    this.#agent = "";
    this.#messages.clear();
    this.#confirmations.clear();
    this.#remoteTurn = "";
    this.#held = [];
    this.#opened = Date.now();
    this.#view.cleared();
    if (conversation) this.#know(conversation);
  }

  say(text) {
    const id = crypto.randomUUID();
    const entry = { kind: "message", author: "customer", id, text, time: new Date(), state: "sending" };
    this.#messages.set(id, entry);
    this.#view.added(entry);
    return this.#enqueue(entry, { clientMessageId: id, text });
  }

  answer(card, approve) {
    card.answer ??= crypto.randomUUID();
    card.approve = approve;
    card.state = "sending";
    this.#view.changed(card);
    return this.#enqueue(card, { clientMessageId: card.answer, confirmation: { confirmationId: card.id, approve } });
  }

  /** The same message again, under the same id: what had been answered is not done twice. */
  retry(entry) {
    for (const message of this.#messages.values()) {
      if (message.broken && message.answers === entry) {
        this.#messages.delete(message.id);
        this.#view.removed(message);
      }
    }
    if (entry.kind === "confirmation") return this.answer(entry, entry.approve);
    entry.state = "sending";
    entry.problem = null;
    this.#view.changed(entry);
    return this.#enqueue(entry, { clientMessageId: entry.id, text: entry.text });
  }

  stop() {
    if (!this.#turn) return;
    this.#turn.stopped = true;
    this.#turn.abort.abort();
  }

  // One turn after the other, as the customer wrote them.
  #enqueue(entry, message) {
    const conversation = this.#conversation;
    return (this.#queue = this.#queue.then(async () => {
      if (conversation !== null && conversation !== this.#conversation) return; // Written into a conversation that has been left.
      await this.#run(entry, message);
    }));
  }

  async #run(entry, message, again = false) {
    const turn = (this.#turn = { abort: new AbortController(), entry, message: null, done: false, stopped: false });
    this.#view.busy(true, this.#owner !== "OWNER_AGENT");
    let failure = null;
    try {
      const request = { ...message, locale: language() };
      if (this.#conversation) request.conversationId = this.#conversation;
      for await (const event of sendMessage(request, turn.abort.signal)) {
        if (event.type === "turn") this.#onTurn(event.data, turn);
        else if (event.type === "problem") failure = new Problem(event.data);
      }
      if (!turn.done && !failure) failure = new Problem({});
    } catch (error) {
      failure = error;
    }
    if (this.#turn === turn) this.#turn = null;
    this.#view.busy(false);
    if (turn.done) return this.#release();

    if (!again && (failure.status === 401 || (failure.status === 404 && this.#conversation))) {
      // The session has ended, or the conversation is no longer there: begin a new one with this message.
      await openSession({});
      this.#forget();
      return this.#run(entry, message, true);
    }
    if (turn.message && !turn.message.final) {
      Object.assign(turn.message, { final: true, broken: true, answers: entry });
      this.#view.changed(turn.message);
    }
    entry.state = turn.stopped ? "stopped" : entry.kind === "confirmation" ? "open" : "failed";
    entry.problem = turn.stopped || failure.name === "AbortError" ? null : failure;
    entry.broken = turn.message !== null;
    this.#view.changed(entry);
    this.#release();
  }

  #release() {
    const held = this.#held;
    this.#held = [];
    held.forEach(event => this.#record(event));
  }

  #onTurn(event, turn) {
    if (event.conversationId && event.conversationId !== this.#conversation) this.#know(event.conversationId);
    turn.id = turn.entry.turn = event.turnId;
    const time = event.time ? new Date(event.time) : new Date();
    if (event.accepted) {
      if (turn.entry.kind === "message") {
        turn.entry.state = "sent";
        this.#view.changed(turn.entry);
      }
    } else if (event.toolCall) {
      this.#view.looking(true);
    } else if (event.toolResult) {
      this.#view.looking(false);
    } else if (event.textDelta || event.textReplaced) {
      const { messageId, text = "" } = event.textDelta ?? event.textReplaced;
      const message = this.#bot(messageId, time, event.turnId);
      turn.message = message;
      if (message.final) return; // The record was quicker than the stream.
      message.text = event.textReplaced ? text : message.text + text;
      this.#view.changed(message);
    } else if (event.citation && turn.message) {
      if (!turn.message.final) turn.message.citations.push(event.citation);
      this.#view.changed(turn.message);
    } else if (event.quickReplies && turn.message) {
      turn.message.replies = event.quickReplies.replies ?? [];
      this.#view.changed(turn.message);
    } else if (event.confirmationRequest) {
      this.#ask(event.confirmationRequest, event.turnId);
    } else if (event.handOver) {
      this.#own("OWNER_WAITING", "", event.handOver.queuePosition ?? 0);
    } else if (event.ownerChanged) {
      this.#own(event.ownerChanged.owner, event.ownerChanged.agentName);
    } else if (event.agentMessage) {
      this.#agentSaid(event.agentMessage, time);
    } else if (event.turnCompleted) {
      turn.done = true;
      if (event.turnCompleted.owner) this.#own(event.turnCompleted.owner, this.#agent);
      this.#settle(turn.entry);
      if (turn.message) this.#finish(turn.message);
    } else if (event.error) {
      const code = { 4: 504, 8: 429, 14: 503 }[event.error.code] ?? 500;
      throw new Problem({ status: code, code: "TURN", retryAfterSeconds: parseFloat(event.error.retryAfter ?? "0") });
    }
  }

  // What is in the record: after a reload all of it, and from then on what others add (an agent, another tab), beside what this page has streamed itself.
  #onHistory(event) {
    const sequence = Number(event.sequence ?? 0);
    if (sequence <= this.#sequence) return;
    this.#sequence = sequence;
    // Two connections keep no order between them: what this page streams itself is taken from there, and the record completes it after.
    if (this.#turn && event.turnId && (this.#turn.id ?? event.turnId) === event.turnId) this.#held.push(event);
    else this.#record(event);
  }

  #record(event) {
    const time = new Date(event.time);
    if (event.customerMessage) {
      const { clientMessageId, text, confirmationId, approved = false } = event.customerMessage;
      if (confirmationId) {
        const card = this.#confirmations.get(confirmationId);
        if (card && card.state === "open" && !card.problem) {
          Object.assign(card, { state: "answered", approve: approved, answer: clientMessageId });
          this.#view.changed(card);
        }
      } else if (this.#messages.has(clientMessageId)) {
        this.#messages.get(clientMessageId).turn ??= event.turnId;
      } else {
        const entry = { kind: "message", author: "customer", id: clientMessageId, text, time, state: "sent", turn: event.turnId };
        this.#messages.set(clientMessageId, entry);
        this.#view.added(entry);
        this.#answeredElsewhere(event.turnId, time);
      }
    } else if (event.botMessage) {
      const { messageId, text, citations = [], quickReplies = [] } = event.botMessage;
      const message = this.#bot(messageId, time, event.turnId);
      Object.assign(message, { text, citations, replies: quickReplies, broken: false });
      if (message.final) this.#view.changed(message);
      else this.#finish(message, time);
    } else if (event.agentMessage) {
      this.#agentSaid(event.agentMessage, time);
    } else if (event.handOverRequested) {
      this.#own("OWNER_WAITING");
    } else if (event.ownerChanged) {
      this.#own(event.ownerChanged.owner, event.ownerChanged.agentName);
    } else if (event.confirmationAsked) {
      this.#ask(event.confirmationAsked, event.turnId);
    } else if (event.confirmationAnswered) {
      const card = this.#confirmations.get(event.confirmationAnswered.confirmationId);
      if (card && card.state !== "answered") {
        Object.assign(card, { state: "answered", approve: event.confirmationAnswered.approved ?? false });
        this.#view.changed(card);
      }
    } else if (event.feedbackGiven) {
      const message = this.#messages.get(event.feedbackGiven.messageId);
      if (message) {
        message.rating = event.feedbackGiven.rating;
        this.#view.changed(message);
      }
    } else if (event.conversationClosed) {
      this.#view.note("noteClosed");
    }
    if (event.turnCompleted || event.turnFailed) this.#turnEnded(event);
  }

  // Another tab asked, or this one before it was reloaded. Whoever answers may have died over it: nobody is shown typing longer than a turn takes.
  #answeredElsewhere(turnId, time) {
    const left = time.getTime() + longestTurn - Date.now();
    if (this.#turn || left <= 0) return;
    this.#remoteTurn = turnId;
    this.#view.busy(true, this.#owner !== "OWNER_AGENT", false);
    setTimeout(() => this.#turnEnded({ turnId }), left);
  }

  #turnEnded({ turnId, turnCompleted, turnFailed }) {
    for (const entry of [...this.#messages.values(), ...this.#confirmations.values()]) {
      if (entry.turn !== turnId || entry.author === "bot") continue;
      // Told that it failed, while it went well in the end; or the other way round, in another tab or before a reload.
      if (turnCompleted && (entry.problem || entry.state === "stopped")) this.#settle(entry);
      if (turnFailed && entry.state === "sent") {
        Object.assign(entry, { state: turnFailed.status === "CANCELLED" ? "stopped" : "failed", broken: true });
        this.#view.changed(entry);
      }
    }
    if (turnId === this.#remoteTurn) {
      this.#remoteTurn = "";
      if (!this.#turn) this.#view.busy(false);
    }
  }

  #bot(id, time, turn) {
    let message = this.#messages.get(id);
    if (!message) {
      message = { kind: "message", author: "bot", id, turn, text: "", time, citations: [], replies: [], rating: 0, final: false };
      this.#messages.set(id, message);
      this.#view.added(message);
    }
    return message;
  }

  #finish(message, time = new Date()) {
    if (message.final) return;
    message.final = true;
    this.#view.changed(message);
    if (time.getTime() >= this.#opened) this.#view.announce(message);
  }

  #settle(entry) {
    entry.state = entry.kind === "confirmation" ? "answered" : "sent";
    entry.problem = null;
    this.#view.changed(entry);
  }

  #agentSaid({ messageId, agentName = "", text }, time) {
    if (this.#messages.has(messageId)) return;
    if (agentName && this.#owner === "OWNER_AGENT") this.#agent = agentName;
    const message = { kind: "message", author: "agent", id: messageId, name: agentName, text, time, final: true };
    this.#messages.set(messageId, message);
    this.#view.added(message);
    if (time.getTime() >= this.#opened) this.#view.announce(message);
  }

  #ask({ confirmationId, summary, expiresAt }, turn) {
    if (this.#confirmations.has(confirmationId)) return;
    const card = { kind: "confirmation", id: confirmationId, asked: turn, summary, expiresAt: expiresAt ? new Date(expiresAt) : null, state: "open" };
    this.#confirmations.set(confirmationId, card);
    this.#view.added(card);
  }

  #own(owner, agent = "", position = null) {
    const before = this.#owner;
    this.#owner = owner;
    this.#position = position ?? (owner === before ? this.#position : 0);
    this.#agent = owner === "OWNER_AGENT" ? agent : "";
    if (owner !== before) {
      if (owner === "OWNER_WAITING") this.#view.note("noteWaiting");
      else if (owner === "OWNER_AGENT") this.#view.note("noteAgent", agent);
      else if (owner === "OWNER_BOT") this.#view.note("noteBot");
    }
    this.#view.owner(this.#owner, this.#agent, this.#position);
  }

  #know(conversation) {
    this.#conversation = conversation;
    this.#view.conversation(conversation);
    this.#follow(conversation);
  }

  #forget() {
    this.#follower?.abort();
    this.#conversation = null;
    this.#sequence = 0;
    this.#view.conversation(null);
    this.#own("OWNER_BOT");
  }

  async #follow(conversation) {
    const follower = (this.#follower = new AbortController());
    const { signal } = follower;
    let pause = firstPause;
    while (!signal.aborted) {
      const began = Date.now();
      let standing;
      try {
        for await (const event of followConversation(conversation, this.#sequence, signal)) {
          if (signal.aborted) return;
          if (event.type === "problem") throw new Problem(event.data);
          // The Gateway answers at once, even if nobody answers it.
          standing ??= setTimeout(() => this.#view.connected(true), 1_000);
          if (event.type === "history") this.#onHistory(event.data);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 404 || error.status === 401) {
          // Not ours any more. What is on the page stays; the next message begins anew.
          this.#view.connected(true);
          if (!this.#turn) this.#forget();
          return;
        }
        clearTimeout(standing);
        this.#view.connected(false);
      }
      if (Date.now() - began >= realStream) pause = firstPause;
      await new Promise(resolve => {
        const timer = setTimeout(resolve, pause * (0.75 + Math.random() / 2));
        addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
        signal.addEventListener("abort", resolve, { once: true });
      });
      pause = Math.min(pause * 2, longestPause);
    }
  }
}
