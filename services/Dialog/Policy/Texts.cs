using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding;

namespace Mesh.Dialog.Policy;

/// <summary>What the dialog says by itself, in both languages. Honest about what it is and what it could not do.</summary>
internal static class Texts
{
    public static readonly LocalText Hello = new("您好，我是智能客服，可以帮您查订单、查物流、退换货、开发票，也可以回答购物规则。请问有什么可以帮您？",
        "Hello! I am the shop's virtual assistant. I can look up orders and parcels, arrange returns and invoices, and answer questions about our policies. What can I do for you?");

    public static readonly LocalText Thanks = new("不客气，还有其他需要随时告诉我。", "You are welcome. Just tell me if there is anything else.");
    public static readonly LocalText Bye = new("感谢您的咨询，祝您生活愉快，再见！", "Thank you for contacting us. Goodbye!");
    public static readonly LocalText Praise = new("谢谢您的认可，我会继续努力。", "Thank you, that is kind of you.");
    public static readonly LocalText WhoAreYou = new("我是自动应答的智能客服，不是真人。能查到的我会直接帮您办，办不了的可以随时转人工。",
        "I am a virtual assistant, not a person. I do what I can directly, and you can ask for a person at any time.");

    public static readonly LocalText HowAreYou = new("我随时待命，谢谢关心。请问有什么可以帮您？", "I am ready to help, thank you. What can I do for you?");
    public static readonly LocalText Joke = new("讲笑话不是我的强项，查订单、办售后我更拿手。", "Jokes are not my strong point; orders and returns are.");
    public static readonly LocalText Scold = new("很抱歉让您不满意。您可以把问题再说一次，我尽力处理；也可以直接转人工。", "I am sorry that this was not what you needed. Please tell me the problem once more, or ask for a person.");

    public static LocalText ChitChatReply(string kind) => kind switch
    {
        ChitChat.Greet => Hello,
        ChitChat.Thanks => Thanks,
        ChitChat.Bye => Bye,
        ChitChat.Praise => Praise,
        ChitChat.WhoAreYou => WhoAreYou,
        ChitChat.HowAreYou => HowAreYou,
        ChitChat.Joke => Joke,
        ChitChat.Scold => Scold,
        _ => Hello,
    };

    public static readonly LocalText CannotHandle = new("抱歉，我没太明白您的意思，能换个说法吗？您也可以从下面选一项。", "Sorry, I did not quite understand. Could you put it another way, or choose one of these?");
    public static readonly LocalText CannotHandleTwice = new("抱歉，我还是没能理解。要不要帮您转接人工客服？", "Sorry, I still do not understand. Shall I bring a colleague?");
    public static readonly LocalText NoAnswer = new("抱歉，我在资料里没有找到可靠的答案，不想随便回答您。需要帮您转接人工客服吗？",
        "I could not find a reliable answer in our documents, and I would rather not guess. Shall I bring a colleague?");

    public static readonly LocalText KnowledgeDown = new("抱歉，资料库暂时查不了，稍后可以再问我一次。需要帮您转接人工客服吗？",
        "I cannot look that up at the moment. Please ask me again in a little while, or shall I bring a colleague?");

    public static readonly LocalText OutOfTime = new("抱歉，这次处理用时太长，还没有得到结果。请稍后再试，或者需要帮您转接人工客服吗？",
        "I am sorry, this took too long and I have no result yet. Please try again in a moment, or shall I bring a colleague?");

    public static readonly LocalText SignIn = new("这项服务要核对您的账号，请先登录后再来找我。如果不方便登录，也可以转人工客服。",
        "I need to know your account for this. Please sign in first; if you cannot, a colleague can help you.");

    public static readonly LocalText FlowFailed = new("抱歉，这一步出了点问题，没有办成。需要帮您转接人工客服吗？", "I am sorry, something went wrong here and nothing was done. Shall I bring a colleague?");
    public static readonly LocalText ToolDown = new("抱歉，业务系统暂时没有响应，这次没有查到结果。请稍后再试，或者需要帮您转接人工客服吗？",
        "I am sorry, our order system is not answering right now, so I have no result. Please try again later, or shall I bring a colleague?");

    public static readonly LocalText EffectUnknown = new("系统没有及时返回结果，目前还不能确定是否已经办成。您可以稍后点「确认」再试一次，不会重复办理；也可以转人工核实。",
        "The system did not answer in time, so I cannot say yet whether it was done. You can confirm again in a moment - nothing will be done twice - or ask for a person.");

    public static readonly LocalText NoEffectsNow = new("安全检查暂时不可用，为了您的账户安全，现在不能办理会改动订单的操作。请稍后再点「确认」，或者转人工客服。",
        "Our safety check is not available right now, so I cannot change anything on your orders. Please confirm again a little later, or ask for a person.");

    public static readonly LocalText Rejected = new("抱歉，系统没有受理：", "I am sorry, the system did not accept this: ");
    public static readonly LocalText RejectedNoReason = new("抱歉，系统没有受理这项申请。", "I am sorry, the system did not accept this.");

    public static readonly LocalText ConfirmAgain = new("这项操作需要您明确同意后才会办理。请回复「确认」或「取消」。", "I will only do this with your clear consent. Please answer \"confirm\" or \"cancel\".");
    public static readonly LocalText ConfirmExpired = new("刚才的确认已经过期，我重新为您核对。", "That confirmation has expired; let me check again.");
    public static readonly LocalText ConfirmUnknown = new("这个确认已经处理过或者失效了，没有再次办理。", "That confirmation was already used or is no longer valid; nothing was done again.");
    public static readonly LocalText ConfirmYes = new("确认", "Confirm");
    public static readonly LocalText ConfirmNo = new("取消", "Cancel");
    public static readonly LocalText NotDone = new("好的，没有办理，一切保持不变。", "All right, nothing was done.");

    public static readonly LocalText Cancelled = new("好的，已经停止办理。还有什么可以帮您？", "All right, I have stopped. Is there anything else?");
    public static readonly LocalText NothingToCancel = new("现在没有正在办理的事项。请问有什么可以帮您？", "There is nothing in progress. What can I do for you?");
    public static readonly LocalText ResumeAsk = new("刚才的「{0}」还没有办完，要继续吗？", "We were in the middle of \"{0}\". Shall we go on with it?");
    public static readonly LocalText Resumed = new("好的，我们继续「{0}」。", "All right, back to \"{0}\".");
    public static readonly LocalText NextWish = new("接下来帮您处理「{0}」。", "Now on to \"{0}\".");
    public static readonly LocalText Dropped = new("好的，「{0}」就先不办了。还有什么可以帮您？", "All right, we leave \"{0}\". Is there anything else?");
    public static readonly LocalText Corrected = new("好的，已改为 {0}。", "All right, changed to {0}.");
    public static readonly LocalText Taken = new("{0}：{1}。", "{0}: {1}.");
    public static readonly LocalText Yes = new("是的", "Yes");
    public static readonly LocalText No = new("不用了", "No, thanks");
    public static readonly LocalText GoOn = new("继续", "Go on");
    public static readonly LocalText WhichOne = new("请问您想办哪一项？", "Which of these did you mean?");
    public static readonly LocalText WhatWith = new("收到 {0}，请问您想办什么？", "I have {0}. What would you like to do?");
    public static readonly LocalText WhatElse = new("好的。还有什么可以帮您？", "All right. Is there anything else?");
    public static readonly LocalText NothingToRepeat = new("我还没有说过什么。请问有什么可以帮您？", "I have not said anything yet. What can I do for you?");
    public static readonly LocalText InvalidValue = new("这个{0}好像不对。", "That does not look like a valid {0}.");
    public static readonly LocalText TooManyAttempts = new("抱歉，一直没能确认{0}。要不要帮您转接人工客服？", "Sorry, we could not settle the {0}. Shall I bring a colleague?");

    public static readonly LocalText HandedOver = new("好的，正在为您转接人工客服，{0}，请稍候。我已经把情况整理给同事，您不用重复说明。",
        "All right, I have asked a colleague to join; {0}. I have passed on what we talked about, so you need not repeat it.");

    public static readonly LocalText Waiting = new("已经通知人工客服，{0}，请稍候。等待时您也可以让我继续帮您。",
        "A colleague has been asked to join; {0}. You can also go on with me meanwhile.");

    public static LocalText Queue(int before) => before switch
    {
        0 => new("您是下一位", "you are next"),
        1 => new("前面还有 1 位", "one customer is before you"),
        _ => new($"前面还有 {before} 位", $"{before} customers are before you"),
    };

    public static readonly LocalText BackToBot = new("继续用机器人", "Go on with the assistant");
    public static readonly LocalText BotAgain = new("好的，我继续为您服务，已取消排队。请问有什么可以帮您？", "All right, I am with you again and have taken you out of the queue. What can I do for you?");
    public static readonly LocalText Person = new("转人工", "Talk to a person");

    public static readonly LocalText Care = new("听到您这么说，我很担心您。您并不孤单，我马上请同事来陪您聊。如果您现在有危险，请立即拨打 110 或 120；全国统一心理援助热线 12356，24 小时有人接听。",
        "I am worried to hear that. You are not alone; I am asking a colleague to join right away. If you are in danger now, please call 110 or 120. China's mental-health helpline 12356 answers around the clock.");

    public static LocalText Blocked(string scanner) => scanner switch
    {
        "injection" => new("抱歉，这个请求我不能执行。如果您有订单或购物方面的问题，我很乐意帮忙。", "I cannot do that. I am glad to help with orders or anything about shopping here."),
        "abuse" => new("我理解您的心情，很抱歉给您带来不好的体验。请说说遇到的问题，我来帮您处理，也可以转人工。", "I understand that you are upset, and I am sorry. Tell me what happened and I will try to help, or ask for a person."),
        _ => new("抱歉，这个问题我不方便回答。如果有订单或购物方面的需要，请告诉我。", "I cannot talk about that. Please tell me if there is anything about your orders or our shop."),
    };

    public static readonly LocalText OutputWithheld = new("抱歉，这个回答没有通过安全检查，我不能直接给您。需要帮您转接人工客服吗？",
        "I am sorry, my answer did not pass our safety check, so I cannot give it to you. Shall I bring a colleague?");

    public static string Format(LocalText text, string language, params object[] values) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, text.In(language), values);
}
