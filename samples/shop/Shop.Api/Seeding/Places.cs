namespace Mesh.Samples.Shop.Api.Seeding;

/// <summary>Names of people, places and carriers, combined by the generator; no combination is meant to be a real person or home.</summary>
internal static class Places
{
    internal sealed record City(string Province, string Zh, string En, string Hub, string[] Districts)
    {
        /// <summary>A municipality is its own province.</summary>
        public string FullName => Province == Zh ? $"{Zh}市" : $"{Province}{Zh}市";
    }

    public static readonly City[] Cities =
    [
        new("浙江省", "杭州", "Hangzhou", "华东", ["西湖区", "滨江区", "余杭区", "拱墅区"]),
        new("浙江省", "宁波", "Ningbo", "华东", ["鄞州区", "海曙区", "江北区"]),
        new("上海", "上海", "Shanghai", "华东", ["浦东新区", "徐汇区", "静安区", "闵行区"]),
        new("江苏省", "南京", "Nanjing", "华东", ["鼓楼区", "玄武区", "江宁区"]),
        new("江苏省", "苏州", "Suzhou", "华东", ["姑苏区", "吴中区", "工业园区"]),
        new("北京", "北京", "Beijing", "华北", ["朝阳区", "海淀区", "丰台区", "通州区"]),
        new("天津", "天津", "Tianjin", "华北", ["和平区", "南开区", "滨海新区"]),
        new("河北省", "石家庄", "Shijiazhuang", "华北", ["长安区", "裕华区"]),
        new("山东省", "青岛", "Qingdao", "华北", ["市南区", "崂山区", "黄岛区"]),
        new("辽宁省", "沈阳", "Shenyang", "东北", ["和平区", "浑南区"]),
        new("黑龙江省", "哈尔滨", "Harbin", "东北", ["南岗区", "道里区"]),
        new("广东省", "广州", "Guangzhou", "华南", ["天河区", "越秀区", "番禺区", "海珠区"]),
        new("广东省", "深圳", "Shenzhen", "华南", ["南山区", "福田区", "龙岗区", "宝安区"]),
        new("福建省", "厦门", "Xiamen", "华南", ["思明区", "湖里区"]),
        new("湖南省", "长沙", "Changsha", "华中", ["岳麓区", "芙蓉区", "雨花区"]),
        new("湖北省", "武汉", "Wuhan", "华中", ["武昌区", "洪山区", "江汉区"]),
        new("河南省", "郑州", "Zhengzhou", "华中", ["金水区", "中原区"]),
        new("四川省", "成都", "Chengdu", "西南", ["锦江区", "武侯区", "高新区", "成华区"]),
        new("重庆", "重庆", "Chongqing", "西南", ["渝中区", "江北区", "南岸区"]),
        new("云南省", "昆明", "Kunming", "西南", ["五华区", "盘龙区"]),
        new("陕西省", "西安", "Xi'an", "西北", ["雁塔区", "碑林区", "未央区"]),
    ];

    public static readonly string[] Warehouses = ["杭州", "天津", "广州", "成都"];

    public static readonly string[] Roads = ["梧桐路", "青云路", "长宁街", "望江路", "云栖路", "学府路", "春晖路", "银杏街", "明珠路", "松涛路", "翠屏路", "海棠街", "和平路", "文汇路"];

    public static readonly string[] Estates = ["云杉苑", "翠湖花园", "金色家园", "阳光新城", "梧桐里", "江南春晓", "锦绣华庭", "书香门第", "绿洲公寓", "星河名邸"];

    public static readonly string[] Surnames =
        ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "欧阳", "诸葛"];

    public static readonly string[] GivenNames =
        ["伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰", "婷", "晨曦", "子涵", "雨桐", "浩然", "欣怡", "思远", "嘉怡", "宇航", "梓萱", "俊杰", "梦瑶", "志强", "晓东", "文博", "佳宁", "若曦", "书妍", "建国", "秀英", "海涛"];

    /// <summary>The shop's own carrier, in the cities around Hangzhou.</summary>
    public static readonly (string Zh, string En, string Prefix) OwnCarrier = ("云杉速运", "Spruce Express", "YS");
    public static readonly string[] OwnCarrierCities = ["杭州", "上海", "苏州", "南京", "宁波"];

    public static readonly (string Zh, string En, string Prefix)[] Carriers =
        [("云雀快递", "Lark Express", "YQ"), ("飞鸿快递", "Feihong Express", "FH"), ("山海物流", "Shanhai Logistics", "SH")];

    public static readonly string[] Payments = ["wechat_pay", "alipay", "bank_card"];

    public static readonly string[] Levels = ["regular", "regular", "regular", "silver", "silver", "gold", "black"];

    public static City Named(string zh) => Cities.Single(c => c.Zh == zh);
}
