const texts = {
  zh: {
    title: "在线客服", person: "转人工", personShort: "转人工", fresh: "开始新会话", language: "Switch to English", languageShort: "EN", theme: "切换深色或浅色", log: "对话记录",
    demo: "演示", sampleLabel: "以示例顾客身份试用", nobody: "未登录的访客",
    greeting: (name) => name ? `${name}，您好` : "您好，很高兴为您服务",
    intro: "我是智能客服，可以帮您查订单和物流、办理退换货、开发票，也可以随时为您转接人工。",
    placeholder: "请输入您的问题…", inputLabel: "输入消息", send: "发送", stop: "停止回答", hint: "回答由智能客服生成，并注明依据；重要事项请以原文为准",
    newest: "最新消息", source: "回答依据", close: "关闭", loading: "正在打开…", outdated: "这份资料已有更新的版本。", passageFailed: "暂时打不开这份资料。",
    bot: "智能客服", agent: "人工客服", you: "您", typing: "正在输入", looking: "正在查询", answeredByBot: "自动回答", answeredByPerson: "人工",
    online: "智能客服在线", waiting: "正在为您接入人工客服", waitingAt: (n) => `排队中，您前面还有 ${n} 位`, withAgent: (name) => `${name || "人工客服"} 正在为您服务`,
    noteWaiting: "已通知人工客服，您可以继续留言", noteAgent: (name) => `${name || "人工客服"} 已接入会话`, noteBot: "已转回智能客服", noteClosed: "会话已结束",
    confirmTitle: "请您确认", confirm: "确认", cancel: "取消", expires: (left) => `请在 ${left} 内确认`, expired: "已过期，请重新发起", approved: "您已确认", denied: "您已取消", sending: "正在提交…",
    citation: (n, title) => `依据 ${n}：${title}`, sources: "依据", helpful: "有帮助", notHelpful: "没有帮助", thanks: "感谢您的反馈",
    commentAsk: "哪里可以做得更好？（选填）", commentSend: "提交", commentSkip: "跳过",
    failed: "未送达", broken: "回答中断", retry: "重试", retryIn: (s) => `${s} 秒后可重试`, stopped: "已停止回答", offline: "网络已断开", reconnecting: "连接中断，正在重新连接…",
    genericError: "出了点问题，请重试。", unreachable: "网络不通，请检查后重试。", tokenRefused: "登录信息已失效，您可以先以访客身份咨询。", replies: "快捷回复", today: "今天",
    tooLong: (n) => `超出 ${n} 字`, left: (n) => `还可输入 ${n} 字`, suggestionsLabel: "常见问题",
    suggestions: [
      ["order", "查订单", "我想查一下我的订单"], ["truck", "查物流", "我的快递到哪里了"], ["back", "退换货", "我想退货"],
      ["receipt", "开发票", "怎么开发票"], ["ticket", "优惠券", "我有哪些优惠券可以用"], ["headset", "转人工", "转人工"],
    ],
    personMessage: "转人工",
  },
  en: {
    title: "Customer care", person: "Talk to a person", personShort: "A person", fresh: "Start a new conversation", language: "切换到中文", languageShort: "中", theme: "Switch between dark and light", log: "Conversation",
    demo: "Demo", sampleLabel: "Try it as a sample customer", nobody: "Visitor, not signed in",
    greeting: (name) => name ? `Hello, ${name}` : "Hello, how can we help?",
    intro: "I am the shop's assistant. I can look up orders and parcels, arrange returns and invoices, and bring in a colleague whenever you like.",
    placeholder: "Type your question…", inputLabel: "Your message", send: "Send", stop: "Stop answering", hint: "Answers come from our assistant and name their sources. For anything important, please read the source.",
    newest: "Newest", source: "Where this answer comes from", close: "Close", loading: "Opening…", outdated: "There is a newer version of this document.", passageFailed: "This document cannot be opened right now.",
    bot: "Assistant", agent: "Customer care", you: "You", typing: "is typing", looking: "Looking it up", answeredByBot: "Automated", answeredByPerson: "A person",
    online: "Assistant is online", waiting: "Bringing a colleague in", waitingAt: (n) => `In the queue, ${n} before you`, withAgent: (name) => `${name || "A colleague"} is here for you`,
    noteWaiting: "A colleague has been called. You can keep writing", noteAgent: (name) => `${name || "A colleague"} has joined`, noteBot: "The assistant has taken over again", noteClosed: "This conversation has ended",
    confirmTitle: "Please confirm", confirm: "Confirm", cancel: "Cancel", expires: (left) => `Please confirm within ${left}`, expired: "Expired, please ask again", approved: "You confirmed", denied: "You declined", sending: "Sending…",
    citation: (n, title) => `Source ${n}: ${title}`, sources: "Sources", helpful: "Helpful", notHelpful: "Not helpful", thanks: "Thank you for telling us",
    commentAsk: "What could be better? (optional)", commentSend: "Send", commentSkip: "Skip",
    failed: "Not delivered", broken: "The answer broke off", retry: "Try again", retryIn: (s) => `Try again in ${s} s`, stopped: "Answer stopped", offline: "You are offline", reconnecting: "Connection lost, reconnecting…",
    genericError: "Something went wrong. Please try again.", unreachable: "The network cannot be reached. Please try again.", tokenRefused: "Your sign-in has expired. You can go on as a visitor.", replies: "Quick replies", today: "Today",
    tooLong: (n) => `${n} characters too long`, left: (n) => `${n} characters left`, suggestionsLabel: "Common questions",
    suggestions: [
      ["order", "My orders", "I want to check my orders"], ["truck", "Track a parcel", "Where is my parcel?"], ["back", "Returns", "I want to return something"],
      ["receipt", "Invoice", "How do I get an invoice?"], ["ticket", "Coupons", "Which coupons can I use?"], ["headset", "A person", "I want to talk to a person"],
    ],
    personMessage: "I want to talk to a person",
  },
};

let current = pick();

function pick() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked in texts) return asked;
  const kept = localStorage.getItem("language");
  if (kept in texts) return kept;
  return (navigator.languages ?? [navigator.language]).some(l => l.toLowerCase().startsWith("zh")) ? "zh" : "en";
}

export const language = () => current;
export const locale = () => (current === "zh" ? "zh-CN" : "en");

export function setLanguage(value) {
  current = value;
  localStorage.setItem("language", value);
}

/** The text under a key; some take arguments. */
export function t(key, ...args) {
  const text = texts[current][key];
  return typeof text === "function" ? text(...args) : text;
}

export const clock = date => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(date);
export const day = date => new Intl.DateTimeFormat(locale(), { month: "long", day: "numeric", weekday: "short" }).format(date);
