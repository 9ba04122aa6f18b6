using CsCheck;
using Grpc.Core;
using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests;

public sealed class ParsingPropertyTests
{
    private static readonly Gen<PointKey> GenKey = Gen.OneOf(
        Gen.ULong.Select(n => new PointKey(false, n)),
        Gen.Guid.Select(g => PointKey.From(new PointId { Uuid = g.ToString() })));

    [Fact]
    public void PointKey_WireTextAndBytes_RoundTripAndKeepTheOrder() => Gen.Select(GenKey, GenKey).Sample((a, b) =>
    {
        Assert.Equal(a, PointKey.From(a.ToPointId()));
        Assert.Equal(a, PointKey.FromBytes(a.ToBytes()));
        Assert.Equal(Math.Sign(a.CompareTo(b)), Math.Sign(a.ToBytes().AsSpan().SequenceCompareTo(b.ToBytes())));
        if (a.IsUuid && b.IsUuid) Assert.Equal(Math.Sign(a.CompareTo(b)), Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())));
    }, seed: "000000000003");

    [Theory]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("550e8400e29b41d4a716446655440000")]
    [InlineData("urn:uuid:550E8400-E29B-41D4-A716-446655440000")]
    public void PointKey_AnyFormOfAUuid_IsOneId(string text) =>
        Assert.Equal("550e8400-e29b-41d4-a716-446655440000", PointKey.From(new PointId { Uuid = text }).ToPointId().Uuid);

    [Fact]
    public void FieldPath_AnyText_IsAPathOrRefused() =>
        Gen.String[Gen.Char["ab0.[]\"\\ -_中"], 0, 12].Sample(text =>
        {
            try
            {
                Assert.NotEmpty(FieldPath.Parse(text).Steps);
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
            }
        }, seed: "000000000004");

    [Fact]
    public void FieldPath_QuotedKeys_AreTakenAsTheyAre() =>
        Gen.String.Array[1, 3].Sample(keys =>
        {
            var path = string.Join(".", keys.Select(k => $"\"{k.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
            Assert.Equal(keys, FieldPath.Parse(path).Steps.Select(s => s.Key));
        }, seed: "000000000005");

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a[")]
    [InlineData("a[-1]")]
    [InlineData("a[x]")]
    [InlineData("[0]")]
    [InlineData("a b")]
    [InlineData("\"a")]
    [InlineData("a]")]
    [InlineData("a[0]b")]
    public void FieldPath_NotAPath_IsRefused(string text) => Assert.Equal(StatusCode.InvalidArgument, Assert.Throws<RpcException>(() => FieldPath.Parse(text)).StatusCode);

    [Theory]
    [InlineData("2024-08-03T20:58:28.055Z", "2024-08-03T20:58:28.0550000+00:00")]
    [InlineData("2023-11-20T19:48:37+08:00", "2023-11-20T11:48:37.0000000+00:00")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.0000000+00:00")]
    [InlineData("2024-02-29 10:11:12", "2024-02-29T10:11:12.0000000+00:00")]
    [InlineData("2024-02-29T10:11:12", "2024-02-29T10:11:12.0000000+00:00")]
    [InlineData("2023-02-29", null)]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void Instant_OfAString_IsReadAsQdrantDoes(string text, string? expected) =>
        Assert.Equal(expected, FieldCheck.Instant(new Value { StringValue = text })?.ToString("O"));

    [Fact]
    public void Words_OfMixedText_AreRunsOfLettersAndDigitsInLowerCase() =>
        Assert.Equal(["usb", "c", "充电器2代", "v3"], FieldCheck.Words("USB-C，充电器2代 (V3)"));
}
