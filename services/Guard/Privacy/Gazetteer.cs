using System.Collections.Frozen;

namespace Mesh.Guard.Privacy;

/// <summary>Names by which Chinese addresses and names of persons are recognised.</summary>
internal static class Gazetteer
{
    /// <summary>Provinces, and cities that are written without their province.</summary>
    public static readonly string[] Places =
    [
        .. ("北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 "
            + "石家庄 唐山 秦皇岛 邯郸 保定 张家口 沧州 廊坊 太原 大同 运城 呼和浩特 包头 鄂尔多斯 沈阳 大连 鞍山 长春 哈尔滨 齐齐哈尔 大庆 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 昆山 "
            + "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 义乌 台州 合肥 芜湖 蚌埠 马鞍山 阜阳 福州 厦门 泉州 漳州 莆田 南昌 赣州 九江 济南 青岛 淄博 烟台 潍坊 济宁 威海 临沂 德州 郑州 开封 洛阳 南阳 新乡 "
            + "武汉 宜昌 襄阳 荆州 长沙 株洲 湘潭 衡阳 岳阳 常德 广州 深圳 珠海 汕头 佛山 江门 湛江 惠州 东莞 中山 揭阳 南宁 柳州 桂林 海口 三亚 成都 绵阳 德阳 乐山 宜宾 贵阳 遵义 昆明 大理 丽江 "
            + "拉萨 西安 咸阳 宝鸡 兰州 西宁 银川 乌鲁木齐").Split(' '),
    ];

    /// <summary>Family names that cover about 97 percent of the population.</summary>
    public static readonly FrozenSet<char> FamilyNames =
        ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
            + "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝")
        .ToFrozenSet();

    /// <summary>Everyday words that begin with a family name's character.</summary>
    public static readonly FrozenSet<string> NotNames =
        ("谢谢 多谢 方便 高兴 高级 金额 金牌 黄金 全部 时间 明天 明早 明晚 白天 白色 白名 黄色 安排 安全 成功 成交 包装 包邮 包裹 常用 平时 平台 马上 任何 公司 单位 周一 周二 周三 周四 周五 周六 周日 周末 万一 关于 支持 连接 "
            + "应该 原因 经常 元旦 满意 于是 水果 项目 费用 祝好 和解 尽快 尤其 方式 方法 程序 陈述 应急 应付 左右 管理 万分 游客 查收 查询 温馨 盛大 席位 明细 明白 成本 金卡 何时 何地 何况 高峰 高铁 凌晨 云南 古城 时候 别墅 "
            + "查看 符合 支付 相关 强烈 华为 万元 平安 连锁 燕窝 牛奶 牛肉 米饭 麦片 花费 花呗 钱包 毛衣 石材 江边 海边 路上 路过 车上 乐意 祝您 申请 申诉 屠宰 易碎 易坏").Split(' ').ToFrozenSet();

    public static readonly FrozenSet<string> DoubleFamilyNames =
        "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 独孤 南宫 长孙 宇文 轩辕 百里 呼延 东郭 澹台 拓跋".Split(' ').ToFrozenSet();
}
