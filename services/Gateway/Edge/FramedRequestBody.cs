using System.Buffers.Binary;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Gateway.Edge;

/// <summary>
/// A gRPC request body on its way through: reads the length before every message (gRPC over HTTP/2, "Length-Prefixed-Message": one byte of flags, four of length,
/// big-endian), so that a message that is too large is refused when its first bytes come in, and each message can be charged for.
/// </summary>
/// <param name="onMessage">Called at the beginning of each message; throws to refuse it.</param>
internal sealed class FramedRequestBody(Stream body, int maxMessageBytes, Action? onMessage) : Stream
{
    private readonly byte[] _prefix = new byte[5];
    private int _prefixBytes;
    private long _payloadLeft;

    /// <summary>Why the body was refused.</summary>
    public MeshException? Refusal { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        try
        {
            Walk(buffer.Span[..read]);
        }
        catch (MeshException e)
        {
            Refusal = e;
            throw new IOException(e.Message, e);
        }
        return read;
    }

    private void Walk(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_payloadLeft > 0)
            {
                var taken = (int)Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= taken;
                bytes = bytes[taken..];
                continue;
            }
            var prefix = Math.Min(5 - _prefixBytes, bytes.Length);
            bytes[..prefix].CopyTo(_prefix.AsSpan(_prefixBytes));
            _prefixBytes += prefix;
            bytes = bytes[prefix..];
            if (_prefixBytes < 5) return;
            _prefixBytes = 0;
            _payloadLeft = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
            if (_payloadLeft > maxMessageBytes)
                throw new InvalidRequestException("message", $"has {_payloadLeft} bytes, at most {maxMessageBytes} are allowed");
            onMessage?.Invoke();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the body is read asynchronously");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
