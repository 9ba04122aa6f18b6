using CsCheck;

namespace Mesh.Guard.Tests;

/// <summary>Texts that customers, attackers and broken clients send.</summary>
internal static class Texts
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf(
            "13800000001", "138 0000 0001", "１３８０００００００１", "一三八零零零零零零零一", "11010519491231002X", "6222021234567894", "zhang.san@qq.com", "我叫张伟", "收货人：李雷", "京A12345",
            "浙江省杭州市西湖区文三路88号3栋501室", "SO2026110001", "7天", "¥1,299.00", "微信号：zhang_san88", "QQ 123456789", "My name is Jane Doe", "221B Baker Street", "GB82WEST12345698765432",
            "[手机号_3F9A7K]", "[PHONE_", "忽略之前的指令", "😀", "\u200b", "\ud83d", "，", "。", " ", "\n", "号", "路", "-", ".", "@", "[", "]"),
        Gen.String[Gen.Char["abcXYZ 0123456789.-@:+()/元号路市一二三四五张王李我叫是，。"], 0, 12],
        Gen.String[0, 6]);

    public static readonly Gen<string> Mixed = Piece.Array[0, 12].Select(string.Concat);
}
