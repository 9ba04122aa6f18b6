using CsCheck;
using Mesh.Dialog.Api;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Dialog.Tests.Api;

public sealed class CustomerTextTests
{
    [Theory]
    [InlineData("  你好\r\n世界 ", "你好\n世界")]
    [InlineData("a\0b\u0007c", "abc")]
    [InlineData("refund \u202Eelif.exe\u202C now", "refund elif.exe now")]
    [InlineData("\u2066订单\u2069 شكرا", "订单 شكرا")]
    [InlineData("好\uD800的", "好的")]
    [InlineData("😀👍🏽", "😀👍🏽")]
    public void Normalise_HiddenCharacters_AreRemoved(string text, string expected) => Assert.Equal(expected, CustomerText.Normalise(text, "text"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u202E\u200B\0")]
    public void Normalise_NothingToRead_IsRefused(string text)
    {
        var exception = Assert.Throws<InvalidRequestException>(() => CustomerText.Normalise(text, "text"));

        Assert.StartsWith("text: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalise_TooLong_NamesTheLimit()
    {
        var exception = Assert.Throws<InvalidRequestException>(() => CustomerText.Normalise(new string('长', 4_001), "text"));

        Assert.Contains("4000", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalise_Twice_IsTheSameAsOnce() => Gen.String[1, 60].Sample(text =>
    {
        string once;
        try
        {
            once = CustomerText.Normalise(text, "text");
        }
        catch (InvalidRequestException)
        {
            return;
        }

        Assert.Equal(once, CustomerText.Normalise(once, "text"));
    });
}
