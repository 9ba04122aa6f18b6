using System.Globalization;

namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>
/// Makes the shop's data: 300 customers, 2,000 orders of the twelve months before <see cref="ShopClock.SeedTime"/>, and what belongs to them.
/// The same seed gives the same rows. The first two customers have only the orders of <see cref="Landmarks"/>.
/// </summary>
internal sealed class SeedGenerator(long seed)
{
    public const int CustomerCount = 300;
    public const int OrderCount = 2000;

    private static readonly DateTimeOffset Now = ShopClock.SeedTime;
    private readonly SeedData data = new();

    // The landmarks come first, from a fixed sequence: no seed changes them.
    private SeedRandom random = new(1);
    private Dictionary<string, ProductRow> products = [];
    private long trackingSerial = 7_300_000_000;
    private long invoiceSerial = 26_332_000_000_000_000;

    public SeedData Generate()
    {
        data.Products.AddRange(Catalogue.Products());
        products = data.Products.ToDictionary(p => p.Sku);
        data.Customers.Add(new(Landmarks.FirstCustomer, "林晓", "gold", "浙江省杭州市西湖区文汇路 90 号云杉苑 3 幢 1202 室"));
        data.Customers.Add(new(Landmarks.SecondCustomer, "周子涵", "silver", "上海市徐汇区梧桐路 18 号梧桐里 6 幢 301 室"));
        Landmarks.Add(this);
        random = new(seed);
        AddCustomers();
        AddStock();
        AddOrders();
        AddCoupons();
        return data;
    }

    private void AddCustomers()
    {
        while (data.Customers.Count < CustomerCount)
        {
            var city = random.Of(Places.Cities);
            var address = $"{city.FullName}{random.Of(city.Districts)}{random.Of(Places.Roads)} {random.Between(1, 299)} 号{random.Of(Places.Estates)} {random.Between(1, 28)} 幢 {random.Between(1, 25)}{random.Between(1, 4):00} 室";
            data.Customers.Add(new(
                (13800000001L + data.Customers.Count).ToString(CultureInfo.InvariantCulture), random.Of(Places.Surnames) + random.Of(Places.GivenNames),
                random.Of(Places.Levels), address));
        }
    }

    private void AddStock()
    {
        foreach (var product in data.Products)
        {
            var soldOut = Landmarks.SoldOutSkus.Contains(product.Sku) || (!Landmarks.InStockSkus.Contains(product.Sku) && random.Chance(4));
            foreach (var warehouse in Places.Warehouses)
                data.Stock.Add(new(product.Sku, warehouse, soldOut || random.Chance(15) ? 0 : random.Between(3, 260)));
        }
    }

    private void AddOrders()
    {
        var taken = data.Orders.Select(o => o.Number).ToHashSet();
        var wanted = OrderCount - data.Orders.Count;
        // Placed times ascend, a little denser each month and dense in the last two days, so that unpaid and unshipped orders exist.
        var times = Enumerable.Range(0, wanted)
            .Select(i => i < wanted - 60
                ? Now.AddDays(-365 * Math.Sqrt(1 - (double)i / (wanted - 60))).AddMinutes(-random.Between(0, 300))
                : Now.AddMinutes(-random.Between(5, 2880)))
            .Select(t => DateTimeOffset.FromUnixTimeSeconds(t.ToUnixTimeSeconds()).ToOffset(ShopClock.ChinaOffset))
            .Order()
            .ToList();
        var serials = new Dictionary<string, int>();
        foreach (var placed in times)
        {
            var month = placed.ToString("yyyyMM", CultureInfo.InvariantCulture);
            string number;
            do
            {
                serials[month] = serials.GetValueOrDefault(month) + 1;
                number = string.Create(CultureInfo.InvariantCulture, $"SO{month}{serials[month]:0000}");
            }
            while (taken.Contains(number));
            AddRandomOrder(number, placed);
        }
    }

    private void AddRandomOrder(string number, DateTimeOffset placed)
    {
        var customer = data.Customers[random.Between(2, CustomerCount - 1)];
        var lines = Enumerable.Range(0, random.Of([1, 1, 1, 2, 2, 3, 4]))
            .Select(_ => (random.Of(data.Products).Sku, random.Of([1, 1, 1, 1, 2, 3])))
            .DistinctBy(l => l.Sku)
            .ToArray();
        var order = new OrderPlan(number, customer.Phone, placed, lines) { ParcelCount = lines.Length > 1 && random.Chance(20) ? 2 : 1 };
        if (random.Chance(4) || (Now - placed < TimeSpan.FromHours(24) && random.Chance(25)))
        {
            // Unpaid orders lapse after a day.
            var lapsed = placed.AddHours(24) <= Now;
            AddOrder(order with { Status = lapsed ? "cancelled" : "pending_payment", Cancelled = lapsed ? placed.AddHours(24) : null });
            return;
        }

        var paid = placed.AddSeconds(random.Between(20, 900));
        var shipped = paid + random.Span(5, 40);
        var arrival = shipped + random.Span(30, 110);
        var delivered = new DateTimeOffset(arrival.Date, ShopClock.ChinaOffset).AddMinutes(random.Between(9 * 60, 20 * 60));
        order = order with { Paid = paid <= Now ? paid : placed };
        if (shipped > Now)
        {
            AddOrder(order with { Status = "paid" });
            return;
        }

        order = order with { Shipped = shipped, Arrival = delivered };
        if (delivered > Now)
        {
            AddOrder(order with { Status = "shipped" });
            return;
        }

        order = order with { Delivered = delivered, Status = "delivered" };
        var returned = delivered + random.Span(10, 150);
        if (random.Chance(7) && returned < Now)
        {
            var refunded = returned + random.Span(60, 200);
            AddOrder(order with { Status = refunded <= Now ? "refunded" : "returning", Returned = returned, Refunded = refunded <= Now ? refunded : null });
            return;
        }

        AddOrder(order);
        if (random.Chance(12))
            AddInvoice(number, random.Chance(30), customer.Name, delivered + random.Span(1, 200));
    }

    /// <summary>Adds an order with its items, parcels, events, return and refund.</summary>
    internal void AddOrder(OrderPlan plan)
    {
        var customer = data.Customers.Single(c => c.Phone == plan.Customer);
        var goods = plan.Lines.Sum(l => products[l.Sku].PriceFen * l.Quantity);
        var freeFrom = customer.Level switch { "black" => 0, "gold" => 4900, "silver" => 7900, _ => 9900 };
        var shipping = goods >= freeFrom ? 0 : 800;
        var discount = goods >= 30000 && random.Chance(40) ? 3000 : 0;
        var warehouse = plan.Warehouse ?? random.Of(Places.Warehouses);
        var total = goods + shipping - discount;
        data.Orders.Add(new(
            plan.Number, plan.Customer, plan.Status, Unix(plan.Placed), Unix(plan.Paid), Unix(plan.Shipped), Unix(plan.Delivered), Unix(plan.Cancelled),
            random.Of(Places.Payments), warehouse, goods, shipping, discount, total, customer.Name, customer.Phone, customer.Address));

        var parcels = plan.Shipped is null ? [] : Enumerable.Range(0, plan.ParcelCount).Select(i => AddParcel(plan, i, warehouse, customer.Address)).ToArray();
        for (var line = 0; line < plan.Lines.Length; line++)
        {
            var (sku, quantity) = plan.Lines[line];
            data.Items.Add(new(plan.Number, line + 1, sku, quantity, products[sku].PriceFen, parcels.Length == 0 ? null : parcels[line % parcels.Length]));
        }

        if (plan.Returned is { } at)
        {
            data.Returns.Add(new($"RT{plan.Number[2..]}", plan.Number, "return", plan.ReturnReason, null, string.Join(',', plan.Lines.Select(l => l.Sku)), Unix(at), Unix(at.AddDays(7))));
            data.Refunds.Add(new(
                $"RF{plan.Number[2..]}", plan.Number, plan.Refunded is null ? "reviewing" : "succeeded", goods - discount, Unix(at), Unix(at.AddDays(10)), Unix(plan.Refunded)));
        }
    }

    internal void AddInvoice(string orderNumber, bool company, string title, DateTimeOffset requested)
    {
        requested = requested > Now ? Now.AddHours(-2) : requested;
        var issued = requested.AddHours(26);
        var order = data.Orders.Single(o => o.Number == orderNumber);
        data.Invoices.Add(new(
            orderNumber, company ? "company" : "personal", company ? $"{title[..1]}氏商贸（示例）有限公司" : title, company ? "91330100MA2SHOP01X" : null, null, order.TotalFen,
            issued <= Now ? "issued" : "requested", Unix(requested), issued <= Now ? Unix(issued) : null,
            issued <= Now ? (++invoiceSerial).ToString("00000000000000000000", CultureInfo.InvariantCulture) : null));
    }

    internal void AddCoupon(CouponRow coupon) => data.Coupons.Add(coupon);

    private string AddParcel(OrderPlan plan, int index, string warehouse, string address)
    {
        var to = Places.Cities.First(c => address.StartsWith(c.FullName, StringComparison.Ordinal));
        var (zh, en, prefix) = Places.OwnCarrierCities.Contains(to.Zh) ? Places.OwnCarrier : random.Of(Places.Carriers);
        trackingSerial += random.Between(11, 9999);
        var number = string.Create(CultureInfo.InvariantCulture, $"{prefix}{trackingSerial}");
        var arrival = plan.Arrival!.Value.AddHours(index * 24 * (plan.Delivered is null ? 1 : 0));
        data.Parcels.Add(new(number, plan.Number, zh, en, Unix(arrival)));

        var from = Places.Named(warehouse);
        var shipped = plan.Shipped!.Value.AddMinutes(index * 35);
        var way = arrival - shipped;
        (DateTimeOffset At, string Code, string Zh, string En)[] steps =
        [
            (shipped, "picked_up", $"{from.Zh}仓", $"{from.En} warehouse"),
            (shipped + (way * 0.12), "departed", $"{from.Zh}分拨中心", $"{from.En} hub"),
            (shipped + (way * 0.5), "arrived", $"{to.Hub}转运中心", $"{to.En} region transfer hub"),
            (shipped + (way * 0.72), "arrived", $"{to.Zh}分拨中心", $"{to.En} hub"),
            (arrival.AddHours(-2.5), "out_for_delivery", $"{to.Zh}营业点", $"{to.En} delivery station"),
            (arrival, "delivered", to.Zh, to.En),
        ];
        foreach (var step in steps.Where(s => s.At <= Now).OrderBy(s => s.At).DistinctBy(s => Unix(s.At)))
            data.Events.Add(new(number, Unix(step.At), step.Code, step.Zh, step.En));
        return number;
    }

    private void AddCoupons()
    {
        foreach (var customer in data.Customers.Skip(2))
        {
            for (var i = random.Between(0, 3); i > 0; i--)
            {
                var template = random.Of(Landmarks.CouponTemplates);
                var from = Now.AddDays(-random.Between(1, 60));
                var code = string.Create(CultureInfo.InvariantCulture, $"YS{customer.Phone[^3..]}{data.Coupons.Count:00000}");
                AddCoupon(template with { Code = code, Customer = customer.Phone, ValidFrom = Unix(from), ValidTo = Unix(from.AddDays(random.Of([15, 30, 90]))) });
            }
        }
    }

    internal static long Unix(DateTimeOffset time) => time.ToUnixTimeSeconds();

    internal static long? Unix(DateTimeOffset? time) => time?.ToUnixTimeSeconds();
}
