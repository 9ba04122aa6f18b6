using System.Security.Cryptography;
using System.Text;

namespace Mesh.Guard.Pseudonyms;

/// <summary>The key from which pseudonyms are made and their values encrypted: two keys are derived, one for each (HKDF, RFC 5869).</summary>
internal sealed class PseudonymKey
{
    public const int Bytes = 32;

    private readonly byte[] _mac;
    private readonly byte[] _cipher;

    public PseudonymKey(byte[] master)
    {
        if (master.Length < Bytes)
            throw new ArgumentException($"the key has {master.Length} bytes, at least {Bytes} are needed", nameof(master));
        _mac = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, Bytes, info: "mesh.guard pseudonym"u8.ToArray());
        _cipher = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, Bytes, info: "mesh.guard value"u8.ToArray());
    }

    /// <summary>The configured key, or the one in the data directory, which is created on first use for the owner alone.</summary>
    public static PseudonymKey Load(string configured, string dataDirectory)
    {
        if (configured.Length > 0)
            return new PseudonymKey(Encoding.UTF8.GetBytes(configured));
        var path = Path.Combine(dataDirectory, "guard-pseudonyms.key");
        Directory.CreateDirectory(dataDirectory);
        if (!File.Exists(path))
            Create(path);
        var text = File.ReadAllText(path).Trim();
        var key = new byte[Bytes];
        return Convert.TryFromBase64String(text, key, out var count) && count == Bytes
            ? new PseudonymKey(key)
            : throw new InvalidOperationException($"{path} does not hold a key of {Bytes} bytes in base64; pseudonyms made with the lost key cannot be restored");
    }

    public byte[] Mac(string text) => HMACSHA256.HashData(_mac, Encoding.UTF8.GetBytes(text));

    /// <summary>AES-256-GCM: nonce, tag, cipher text. <paramref name="context"/> must be the same when opened.</summary>
    public byte[] Seal(string value, string context)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var sealedValue = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(sealedValue.AsSpan(0, 12));
        using var aes = new AesGcm(_cipher, 16);
        aes.Encrypt(sealedValue.AsSpan(0, 12), plain, sealedValue.AsSpan(28), sealedValue.AsSpan(12, 16), Encoding.UTF8.GetBytes(context));
        return sealedValue;
    }

    /// <exception cref="CryptographicException">The value was sealed with another key or for another context.</exception>
    public string Open(byte[] sealedValue, string context)
    {
        var plain = new byte[sealedValue.Length - 28];
        using var aes = new AesGcm(_cipher, 16);
        aes.Decrypt(sealedValue.AsSpan(0, 12), sealedValue.AsSpan(28), sealedValue.AsSpan(12, 16), plain, Encoding.UTF8.GetBytes(context));
        return Encoding.UTF8.GetString(plain);
    }

    private static void Create(string path)
    {
        // Written beside and linked in place, so that two processes starting together agree on one whole key.
        var draft = path + "." + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))));
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key counts.
            File.Delete(draft);
        }
    }
}
