using Google.Protobuf.WellKnownTypes;
using Mesh.Common.V1;
using Mesh.Dialog.V1;

namespace Mesh.Gateway.Tests.Fakes;

/// <summary>What the fake dialog says to which words.</summary>
internal sealed record FakeScript(string Text)
{
    public string? Tool { get; init; }
    public IReadOnlyList<Citation> Citations { get; init; } = [];
    public IReadOnlyList<QuickReply> QuickReplies { get; init; } = [];
    public ConfirmationRequest? Confirmation { get; init; }
    public bool HandOver { get; init; }

    public static FakeScript For(string text, ConfirmationReply? confirmation, bool english)
    {
        if (confirmation is not null)
            return new(confirmation.Approve
                ? english ? "Done: order SO2026110003 is cancelled. The refund of ¥268.00 goes back to your card within 3 working days." : "已为您取消订单 SO2026110003，退款 ¥268.00 将在 3 个工作日内原路退回。"
                : english ? "All right, the order stays as it is." : "好的，订单保持不变。");
        if (text.Contains("取消", StringComparison.Ordinal) || text.Contains("cancel", StringComparison.OrdinalIgnoreCase))
            return new(english ? "Order SO2026110003 has not shipped yet and can be cancelled. Please confirm:" : "订单 SO2026110003 还没有发货，可以取消。请您确认：")
            {
                Tool = "get_order",
                Confirmation = new ConfirmationRequest
                {
                    ConfirmationId = "confirm-1",
                    Tool = "cancel_order",
                    Summary = english ? "Cancel order SO2026110003 (1 × linen bed set, ¥268.00) and refund to the original payment method" : "取消订单 SO2026110003（亚麻四件套 × 1，¥268.00），退款原路退回",
                    ExpiresAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(5)),
                },
            };
        if (text.Contains("地址", StringComparison.Ordinal))
            return new("确认把收货地址改为梧桐路 18 号吗？")
            {
                Tool = "change_address",
                QuickReplies = [new QuickReply { Title = "确认", Message = "确认" }, new QuickReply { Title = "取消", Message = "取消" }],
                Confirmation = new ConfirmationRequest { ConfirmationId = "confirm-2", Tool = "change_address", Summary = "确认把收货地址改为梧桐路 18 号吗？", ExpiresAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(5)) },
            };
        if (text.Contains("人工", StringComparison.Ordinal) || text.Contains("human", StringComparison.OrdinalIgnoreCase) || text.Contains("person", StringComparison.OrdinalIgnoreCase))
            return new(english ? "I am bringing a colleague in. You are second in line; you can keep writing." : "正在为您转接人工客服，您前面还有 2 位顾客。您可以继续留言。") { HandOver = true };
        if (text.Contains('退') || text.Contains("return", StringComparison.OrdinalIgnoreCase))
            return new(english
                ? "You can return most items within **7 days** of delivery without giving a reason [1]:\n\n1. Open *My orders* and choose **Return**\n2. Pack the item with all its parts\n3. Hand it to the courier\n\nPostage is refunded if the item was faulty [2]."
                : "签收后 **7 天内**，多数商品可以无理由退货 [1]：\n\n1. 打开「我的订单」，选择 **申请退货**\n2. 保持商品、配件和包装完好\n3. 交给上门取件的快递员\n\n| 情形 | 期限 | 运费由谁承担 |\n| --- | --- | --- |\n| 七天无理由 | 7 天 | 买家 |\n| 质量问题 | 30 天 | 商家 |\n| 发错货 | 15 天 | 商家 |\n\n质量问题的退货运费由我们承担 [2]。")
            {
                Citations =
                [
                    new Citation
                    {
                        Index = 1, DocumentId = "returns/seven-days.md", Title = english ? "Returns within seven days" : "七天无理由退货", ChunkId = "returns/seven-days.md#2", SnapshotId = "s-1",
                        HeadingPath = { english ? "Returns" : "退换货", english ? "What can be returned" : "适用范围" }, Excerpt = english ? "Most items can be returned within seven days." : "签收之日起七天内，多数商品支持无理由退货。",
                    },
                    new Citation
                    {
                        Index = 2, DocumentId = "returns/postage.md", Title = english ? "Who pays return postage" : "退货运费说明", ChunkId = "returns/postage.md#1", SnapshotId = "s-1",
                        HeadingPath = { english ? "Postage" : "运费" }, Excerpt = english ? "We pay when the item is faulty." : "质量问题由商家承担运费。",
                    },
                ],
                QuickReplies =
                [
                    new QuickReply { Title = english ? "Start a return" : "申请退货", Message = english ? "I want to start a return" : "我要申请退货" },
                    new QuickReply { Title = english ? "Where is my refund?" : "退款到哪了", Message = english ? "Where is my refund?" : "退款到哪了" },
                ],
            };
        if (text.Contains("订单", StringComparison.Ordinal) || text.Contains("order", StringComparison.OrdinalIgnoreCase))
            return new(english
                ? "Order **SO2026110001** is on its way in two parcels:\n\n- Parcel 1: left Hangzhou this morning, arrives **tomorrow before 18:00**\n- Parcel 2: being packed"
                : "订单 **SO2026110001** 正在配送，共两个包裹：\n\n- 包裹一：今天 08:12 已离开杭州转运中心，预计**明天 18:00 前**送达\n- 包裹二：仓库打包中")
            {
                Tool = "get_order",
                QuickReplies = [new QuickReply { Title = english ? "Change address" : "修改地址", Message = english ? "Change the address" : "修改收货地址" }],
            };
        if (text.Contains("evil", StringComparison.Ordinal))
            return new("<img src=x onerror=alert(1)> [click](javascript:alert(1)) [site](https://example.com/a) **<b>bold</b>** \u202Egnp.exe `code`");
        return new(english ? $"You wrote: {text}" : $"收到：{text}");
    }
}
