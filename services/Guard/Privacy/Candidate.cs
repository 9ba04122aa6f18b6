using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Personal data as a scanner sees it; <paramref name="Range"/> is in the plain view.</summary>
internal readonly record struct Candidate(string Category, TextRange Range, double Score, string Canonical);
