using System.Collections.Frozen;

using Mesh.Guard.Text;

namespace Mesh.Guard.Privacy;

/// <summary>Personal data found in a text.</summary>
/// <param name="Category">One of <see cref="PersonalDataCategories"/>.</param>
/// <param name="Span">In the original text.</param>
/// <param name="Score">0 to 1: near 1 where a check digit or a field name confirms it.</param>
/// <param name="Canonical">The value without the ways of writing it: "138 0000 0001" and "１３８００００００01" are both "13800000001".</param>
internal readonly record struct PersonalData(string Category, TextRange Span, double Score, string Canonical);

/// <summary>Names of the categories, and what a pseudonym calls them.</summary>
internal static class PersonalDataCategories
{
    public const string MobilePhone = "phone_cn";
    public const string Landline = "landline_cn";
    public const string ForeignPhone = "phone_intl";
    public const string IdCard = "id_card_cn";
    public const string BankCard = "bank_card";
    public const string Email = "email";
    public const string Plate = "plate_cn";
    public const string Address = "address_cn";
    public const string StreetAddress = "address_en";
    public const string Passport = "passport";
    public const string CompanyCode = "company_code_cn";
    public const string IpAddress = "ip_address";
    public const string MacAddress = "mac_address";
    public const string Qq = "qq";
    public const string WeChat = "wechat";
    public const string Name = "person_name";
    public const string BirthDate = "birth_date";
    public const string Ssn = "us_ssn";
    public const string Iban = "iban";

    private static readonly FrozenDictionary<string, (string Zh, string En)> Labels = new Dictionary<string, (string, string)>
    {
        [MobilePhone] = ("手机号", "PHONE"),
        [Landline] = ("座机号", "LANDLINE"),
        [ForeignPhone] = ("电话号", "TEL"),
        [IdCard] = ("身份证", "IDCARD"),
        [BankCard] = ("银行卡", "CARD"),
        [Email] = ("邮箱", "EMAIL"),
        [Plate] = ("车牌", "PLATE"),
        [Address] = ("地址", "ADDRESS"),
        [StreetAddress] = ("街道地址", "STREET"),
        [Passport] = ("证件号", "PASSPORT"),
        [CompanyCode] = ("信用代码", "COMPANY"),
        [IpAddress] = ("IP地址", "IP"),
        [MacAddress] = ("MAC地址", "MAC"),
        [Qq] = ("QQ号", "QQ"),
        [WeChat] = ("微信号", "WECHAT"),
        [Name] = ("姓名", "NAME"),
        [BirthDate] = ("出生日期", "BIRTHDATE"),
        [Ssn] = ("社保号", "SSN"),
        [Iban] = ("国际账号", "IBAN"),
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> All => Labels.Keys;

    /// <summary>The word by which a pseudonym of the category goes: "手机号", "PHONE".</summary>
    public static string Label(string category, bool chinese) => chinese ? Labels[category].Zh : Labels[category].En;

    /// <summary>The category that a pseudonym's word stands for, or null.</summary>
    public static string? FromLabel(string label)
    {
        foreach (var (category, (zh, en)) in Labels)
        {
            if (label == zh || label == en)
                return category;
        }

        return null;
    }
}
