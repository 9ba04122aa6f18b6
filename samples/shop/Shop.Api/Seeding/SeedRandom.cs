namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): unlike <see cref="Random"/> its sequence is the same in every .NET version.</summary>
internal sealed class SeedRandom(long seed)
{
    private ulong state = (ulong)seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number in [<paramref name="from"/>, <paramref name="to"/>].</summary>
    public int Between(int from, int to) => from + (int)(Next() % (ulong)(to - from + 1));

    public bool Chance(int percent) => Between(1, 100) <= percent;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    public TimeSpan Span(double fromHours, double toHours) => TimeSpan.FromSeconds(Between((int)(fromHours * 3600), (int)(toHours * 3600)));
}
