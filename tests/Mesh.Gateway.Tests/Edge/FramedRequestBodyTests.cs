using System.Buffers.Binary;
using CsCheck;
using Mesh.Gateway.Edge;

namespace Mesh.Gateway.Tests.Edge;

public sealed class FramedRequestBodyTests
{
    [Fact]
    public async Task Read_InPiecesOfAnySize_CountsMessagesAndPassesBytesUnchanged()
    {
        await Gen.Select(Gen.Int[0, 300].Array[0, 12], Gen.Int[1, 64], Gen.Int[0, 300]).SampleAsync(async (sizes, piece, max) =>
        {
            var wire = sizes.SelectMany(Frame).ToArray();
            var messages = 0;
            var body = new FramedRequestBody(new Trickle(wire, piece), max, () => messages++);
            using var passed = new MemoryStream();
            if (sizes.Any(s => s > max))
            {
                await Assert.ThrowsAsync<IOException>(() => body.CopyToAsync(passed, TestContext.Current.CancellationToken));
                Assert.Equal(sizes.TakeWhile(s => s <= max).Count(), messages);
                Assert.NotNull(body.Refusal);
                return;
            }
            await body.CopyToAsync(passed, TestContext.Current.CancellationToken);
            Assert.Equal(wire, passed.ToArray());
            Assert.Equal(sizes.Length, messages);
            Assert.Null(body.Refusal);
        }, iter: 300, seed: "0000KOIPopg3", threads: 1);
    }

    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("15S", 15_000)]
    [InlineData("250m", 250)]
    [InlineData("1000u", 1)]
    [InlineData("1000000n", 1)]
    public void Parse_OfATimeout_GivesItsLength(string text, double milliseconds) =>
        Assert.Equal(milliseconds, GrpcTimeout.Parse(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    [InlineData("1 S")]
    [InlineData("1x")]
    public void Parse_OfSomethingElse_IsRefused(string text) =>
        Assert.Throws<ServiceDefaults.Errors.InvalidRequestException>(() => GrpcTimeout.Parse(text));

    [Fact]
    public void Format_ThenParse_GivesTheSameToTheMillisecond() =>
        Gen.Int[1, 3_600_000].Sample(ms => GrpcTimeout.Parse(GrpcTimeout.Format(TimeSpan.FromMilliseconds(ms)))!.Value.TotalMilliseconds == ms, seed: "0000KOIPopg3");

    private static byte[] Frame(int size)
    {
        var frame = new byte[5 + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        frame.AsSpan(5).Fill((byte)size);
        return frame;
    }

    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
