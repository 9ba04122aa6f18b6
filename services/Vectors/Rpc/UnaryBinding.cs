using Google.Protobuf;
using Grpc.Core;

namespace Mesh.Vectors.Rpc;

/// <summary>Binds methods of a service known only by its descriptor and its messages, without generated server code.</summary>
internal sealed class UnaryBinding(Google.Protobuf.Reflection.ServiceDescriptor service, CallGuard guard)
{
    private readonly ServerServiceDefinition.Builder _builder = ServerServiceDefinition.CreateBuilder();
    private readonly HashSet<string> _bound = [];

    public UnaryBinding Add<TRequest, TResponse>(string method, Func<TRequest, CancellationToken, Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        var descriptor = service.FindMethodByName(method) ?? throw new ArgumentException($"{service.FullName} has no method {method}.", nameof(method));
        if (descriptor.InputType.ClrType != typeof(TRequest) || descriptor.OutputType.ClrType != typeof(TResponse))
            throw new ArgumentException($"{service.FullName}/{method} takes and returns other messages.", nameof(method));
        _bound.Add(method);
        _builder.AddMethod(
            new Method<TRequest, TResponse>(MethodType.Unary, service.FullName, method, MessageMarshaller<TRequest>(), MessageMarshaller<TResponse>()),
            new UnaryServerMethod<TRequest, TResponse>((request, context) => guard.RunAsync(context, () =>
            {
                SupportedFields.Check(request);
                return handle(request, context.CancellationToken);
            })));
        return this;
    }

    public UnaryBinding Add<TRequest, TResponse>(string method, Func<TRequest, CancellationToken, TResponse> handle)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new() =>
        Add<TRequest, TResponse>(method, (request, cancel) => Task.FromResult(handle(request, cancel)));

    /// <summary>Lets the service's other methods answer UNIMPLEMENTED with their names.</summary>
    public ServerServiceDefinition Build()
    {
        var bytes = Marshallers.Create(value => value, value => value);
        foreach (var method in service.Methods.Where(m => !_bound.Contains(m.Name)))
        {
            if (method.IsClientStreaming || method.IsServerStreaming) continue;
            _builder.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, service.FullName, method.Name, bytes, bytes),
                new UnaryServerMethod<byte[], byte[]>((_, context) => guard.RunAsync<byte[]>(context,
                    () => throw QdrantError.Unsupported($"Method `{service.FullName}/{method.Name}`"))));
        }
        return _builder.Build();
    }

    private static Marshaller<T> MessageMarshaller<T>() where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create<T>(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}
