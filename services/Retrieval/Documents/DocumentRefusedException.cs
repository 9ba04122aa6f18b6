namespace Mesh.Retrieval.Documents;

/// <summary>A document is not taken; the message says why, for the person who sent it.</summary>
internal sealed class DocumentRefusedException(string reason, Exception? inner = null) : Exception(reason, inner);
