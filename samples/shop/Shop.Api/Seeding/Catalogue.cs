namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>What 云杉优选 sells: 75 articles in two variants each.</summary>
internal static class Catalogue
{
    /// <param name="Code">The category in the API.</param>
    /// <param name="WarrantyMonths">Warranty of the category; 0 where the trade gives none.</param>
    /// <param name="NoReasonReturn">False where seven-day returns without a reason are excluded by law (fresh food, opened hygiene goods).</param>
    internal sealed record Category(string Code, int WarrantyMonths, bool NoReasonReturn, Article[] Articles);

    /// <param name="Price">Price of variant A in yuan.</param>
    /// <param name="Step">How much variant B costs more, in yuan.</param>
    internal sealed record Article(string Zh, string En, int Price, int Step, (string Zh, string En) A, (string Zh, string En) B);

    private static readonly char[] Variants = ['A', 'B'];

    public static readonly Category[] Categories =
    [
        new("kitchen", 12, true,
        [
            new("316不锈钢保温杯", "Stainless steel vacuum flask", 129, 20, ("500ml 云杉绿", "500 ml, spruce green"), ("750ml 雪松白", "750 ml, cedar white")),
            new("可视空气炸锅", "Air fryer with window", 329, 120, ("4.5L", "4.5 L"), ("6.5L", "6.5 L")),
            new("半自动意式咖啡机", "Semi-automatic espresso machine", 1099, 300, ("标准版", "standard"), ("双锅炉版", "dual boiler")),
            new("恒温电热水壶", "Temperature-controlled kettle", 169, 40, ("1.5L", "1.5 L"), ("1.7L", "1.7 L")),
            new("破壁料理机", "High-speed blender", 459, 140, ("静音款", "quiet"), ("加热款", "heating")),
            new("铸铁珐琅炖锅", "Enamelled cast-iron pot", 399, 80, ("22cm", "22 cm"), ("26cm", "26 cm")),
            new("麦饭石不粘炒锅", "Non-stick wok", 189, 40, ("30cm", "30 cm"), ("32cm", "32 cm")),
            new("智能电饭煲", "Smart rice cooker", 369, 90, ("3L", "3 L"), ("4L", "4 L")),
        ]),
        new("digital", 12, true,
        [
            new("无线降噪耳机", "Wireless noise-cancelling headphones", 599, 200, ("头戴式 曜石黑", "over-ear, obsidian"), ("头戴式 Pro 月岩灰", "over-ear Pro, moon grey")),
            new("真无线蓝牙耳机", "True wireless earbuds", 249, 80, ("珍珠白", "pearl white"), ("降噪版 石墨黑", "noise-cancelling, graphite")),
            new("氮化镓快充充电器", "GaN fast charger", 99, 60, ("65W", "65 W"), ("100W", "100 W")),
            new("磁吸充电宝", "Magnetic power bank", 149, 50, ("5000mAh", "5,000 mAh"), ("10000mAh", "10,000 mAh")),
            new("机械键盘", "Mechanical keyboard", 399, 100, ("87键 红轴", "87 keys, red switches"), ("104键 茶轴", "104 keys, brown switches")),
            new("人体工学鼠标", "Ergonomic mouse", 159, 40, ("有线", "wired"), ("无线", "wireless")),
            new("智能手表", "Smart watch", 799, 200, ("41mm", "41 mm"), ("45mm", "45 mm")),
            new("便携投影仪", "Portable projector", 1999, 600, ("720P", "720p"), ("1080P", "1080p")),
        ]),
        new("bedding", 6, true,
        [
            new("北欧棉麻四件套", "Cotton-linen bedding set", 359, 60, ("1.5m床 雾蓝", "150 cm bed, misty blue"), ("1.8m床 燕麦", "180 cm bed, oat")),
            new("新疆长绒棉四件套", "Long-staple cotton bedding set", 499, 80, ("1.5m床 月白", "150 cm bed, ivory"), ("1.8m床 黛绿", "180 cm bed, dark green")),
            new("鹅绒被", "Goose-down duvet", 1299, 300, ("200x230cm", "200 x 230 cm"), ("220x240cm", "220 x 240 cm")),
            new("天然乳胶枕", "Natural latex pillow", 199, 40, ("标准款", "standard"), ("护颈款", "contoured")),
            new("记忆棉床垫", "Memory-foam mattress", 1599, 400, ("1.5m", "150 cm"), ("1.8m", "180 cm")),
            new("纯棉浴巾", "Cotton bath towel", 79, 60, ("一条装 浅灰", "single, light grey"), ("两条装 米白", "pair, cream")),
            new("亚麻遮光窗帘", "Linen blackout curtain", 239, 80, ("2x2.6m", "2 x 2.6 m"), ("3x2.6m", "3 x 2.6 m")),
        ]),
        new("home", 12, true,
        [
            new("人体工学椅", "Ergonomic chair", 1199, 300, ("网布款", "mesh"), ("带脚托款", "with footrest")),
            new("护眼台灯", "Eye-care desk lamp", 269, 70, ("基础款", "basic"), ("感光款", "ambient-sensing")),
            new("香薰加湿器", "Aroma humidifier", 139, 40, ("2L", "2 L"), ("4L", "4 L")),
            new("无线吸尘器", "Cordless vacuum cleaner", 999, 400, ("轻量版", "light"), ("自清洁版", "self-cleaning")),
            new("扫拖机器人", "Robot vacuum and mop", 1899, 700, ("标准版", "standard"), ("自动集尘版", "auto-empty")),
            new("空气净化器", "Air purifier", 1299, 400, ("30㎡", "30 m²"), ("60㎡", "60 m²")),
            new("可折叠收纳箱", "Folding storage box", 59, 30, ("40L", "40 L"), ("66L", "66 L")),
            new("实木床头柜", "Solid-wood bedside table", 429, 80, ("橡木", "oak"), ("胡桃木", "walnut")),
        ]),
        new("clothing", 0, true,
        [
            new("轻量羽绒服", "Light down jacket", 599, 100, ("男款 L 深蓝", "men L, navy"), ("女款 M 雾粉", "women M, misty pink")),
            new("羊毛圆领毛衣", "Wool crew-neck sweater", 329, 40, ("男款 XL 炭灰", "men XL, charcoal"), ("女款 S 燕麦", "women S, oat")),
            new("防泼水冲锋衣", "Water-repellent shell jacket", 499, 60, ("男款 L 墨绿", "men L, dark green"), ("女款 M 橘红", "women M, orange red")),
            new("纯棉长袖衬衫", "Cotton long-sleeve shirt", 179, 20, ("白色 L", "white, L"), ("浅蓝 XL", "light blue, XL")),
            new("直筒牛仔裤", "Straight jeans", 259, 20, ("男款 32", "men 32"), ("女款 27", "women 27")),
            new("头层牛皮通勤包", "Leather work bag", 699, 160, ("小号 黑", "small, black"), ("大号 焦糖", "large, caramel")),
            new("羊绒围巾", "Cashmere scarf", 399, 60, ("驼色", "camel"), ("雾蓝", "misty blue")),
            new("保暖居家拖鞋", "Warm house slippers", 49, 10, ("38-39码", "EU 38-39"), ("42-43码", "EU 42-43")),
        ]),
        new("sports", 6, true,
        [
            new("缓震跑步鞋", "Cushioned running shoes", 469, 60, ("男款 42码", "men EU 42"), ("女款 38码", "women EU 38")),
            new("加厚防滑瑜伽垫", "Thick non-slip yoga mat", 119, 40, ("8mm", "8 mm"), ("10mm", "10 mm")),
            new("可调节哑铃", "Adjustable dumbbell", 299, 200, ("10kg", "10 kg"), ("20kg", "20 kg")),
            new("三季帐篷", "Three-season tent", 599, 200, ("双人", "two-person"), ("四人", "four-person")),
            new("羽毛球拍", "Badminton racket", 239, 120, ("单支", "single"), ("对拍", "pair")),
            new("碳纤维登山杖", "Carbon trekking pole", 199, 120, ("单支", "single"), ("一对", "pair")),
            new("速干运动T恤", "Quick-dry sports T-shirt", 99, 0, ("男款 L 黑", "men L, black"), ("女款 M 白", "women M, white")),
        ]),
        new("beauty", 0, false,
        [
            new("氨基酸洁面乳", "Amino-acid cleanser", 79, 40, ("120g", "120 g"), ("200g", "200 g")),
            new("玻尿酸保湿面霜", "Hyaluronic moisturiser", 169, 60, ("50g", "50 g"), ("80g", "80 g")),
            new("温和防晒乳", "Gentle sunscreen", 119, 40, ("SPF50 50ml", "SPF 50, 50 ml"), ("SPF50 80ml", "SPF 50, 80 ml")),
            new("烟酰胺精华液", "Niacinamide serum", 199, 80, ("30ml", "30 ml"), ("50ml", "50 ml")),
            new("声波电动牙刷", "Sonic toothbrush", 199, 60, ("薄荷绿", "mint"), ("雪松白", "cedar white")),
            new("高速吹风机", "High-speed hair dryer", 399, 150, ("标准版", "standard"), ("护发版", "hair-care")),
            new("控油洗发水", "Oil-control shampoo", 69, 40, ("300ml", "300 ml"), ("500ml", "500 ml")),
        ]),
        new("baby", 6, true,
        [
            new("婴儿推车", "Baby stroller", 1299, 400, ("轻便款", "light"), ("双向款", "reversible")),
            new("儿童安全座椅", "Child car seat", 1599, 400, ("0-4岁", "0-4 years"), ("3-12岁", "3-12 years")),
            new("PPSU宽口奶瓶", "PPSU wide-neck bottle", 89, 20, ("180ml", "180 ml"), ("240ml", "240 ml")),
            new("婴儿棉柔巾", "Baby cotton tissues", 59, 40, ("6包装", "6 packs"), ("12包装", "12 packs")),
            new("早教积木", "Early-learning blocks", 159, 80, ("80粒", "80 pieces"), ("160粒", "160 pieces")),
            new("儿童书包", "School bag", 229, 40, ("1-3年级", "grades 1-3"), ("4-6年级", "grades 4-6")),
            new("恒温调奶器", "Formula kettle", 259, 60, ("1.2L", "1.2 L"), ("1.8L", "1.8 L")),
        ]),
        new("food", 0, false,
        [
            new("西湖龙井茶", "Longjing tea", 188, 160, ("125g", "125 g"), ("250g", "250 g")),
            new("云南小粒咖啡豆", "Yunnan arabica coffee beans", 69, 50, ("中烘 250g", "medium roast, 250 g"), ("深烘 454g", "dark roast, 454 g")),
            new("每日坚果礼盒", "Daily nuts gift box", 119, 60, ("30包", "30 packs"), ("60包", "60 packs")),
            new("阳澄湖大闸蟹礼券", "Hairy crab voucher", 398, 200, ("8只装", "8 crabs"), ("10只装", "10 crabs")),
            new("五常稻花香大米", "Wuchang rice", 79, 70, ("5kg", "5 kg"), ("10kg", "10 kg")),
            new("赣南脐橙", "Gannan navel oranges", 59, 40, ("5斤", "2.5 kg"), ("9斤", "4.5 kg")),
            new("原切牛排套餐", "Steak set", 269, 130, ("6片", "6 steaks"), ("10片", "10 steaks")),
            new("椴树蜂蜜", "Linden honey", 88, 60, ("500g", "500 g"), ("1kg", "1 kg")),
        ]),
        new("stationery", 3, true,
        [
            new("速干中性笔", "Quick-dry gel pens", 19, 16, ("10支 黑", "10, black"), ("20支 混色", "20, mixed colours")),
            new("A5点阵笔记本", "A5 dotted notebook", 29, 30, ("单本", "single"), ("三本装", "three")),
            new("桌面文件收纳架", "Desk file rack", 69, 20, ("三层", "three tiers"), ("四层", "four tiers")),
            new("静音碎纸机", "Quiet paper shredder", 359, 140, ("5张", "5 sheets"), ("10张", "10 sheets")),
            new("无线激光打印机", "Wireless laser printer", 1099, 300, ("单打", "print only"), ("三合一", "three-in-one")),
            new("钢笔礼盒", "Fountain pen gift box", 169, 60, ("F尖", "F nib"), ("EF尖 双笔", "EF nib, two pens")),
            new("升降电脑支架", "Adjustable laptop stand", 89, 30, ("单层", "single"), ("双层", "double")),
        ]),
    ];

    /// <summary>The SKU of an article: YS, category, article, variant; for example YS-0101-A.</summary>
    public static IEnumerable<ProductRow> Products() =>
        from c in Enumerable.Range(0, Categories.Length)
        from a in Enumerable.Range(0, Categories[c].Articles.Length)
        from variant in Variants
        let category = Categories[c]
        let article = category.Articles[a]
        let label = variant == 'A' ? article.A : article.B
        let price = (article.Price + (variant == 'A' ? 0 : article.Step)) * 100L
        select new ProductRow(
            $"YS-{c + 1:00}{a + 1:00}-{variant}", category.Code, $"{article.Zh} {label.Zh}", $"{article.En}, {label.En}",
            price, price * 115 / 100 / 100 * 100, category.WarrantyMonths, category.NoReasonReturn);
}
