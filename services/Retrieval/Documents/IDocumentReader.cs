namespace Mesh.Retrieval.Documents;

/// <summary>Turns the bytes of one kind of document into blocks.</summary>
internal interface IDocumentReader
{
    IReadOnlyList<string> MediaTypes { get; }

    /// <exception cref="DocumentRefusedException">Malformed, encrypted or beyond a limit.</exception>
    void Read(byte[] bytes, DocumentBuilder builder, CancellationToken cancellationToken);
}
