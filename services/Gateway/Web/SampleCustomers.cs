namespace Mesh.Gateway.Web;

/// <summary>A customer of the sample shop as whom the page can be tried, where that is allowed.</summary>
internal sealed record SampleCustomer(string Id, string Name)
{
    public static readonly IReadOnlyList<SampleCustomer> All = [new("13800000001", "林晓"), new("13800000002", "周子涵")];
}
