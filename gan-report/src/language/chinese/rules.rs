//! The doctor's rules in Chinese: what each has found, and what that means.

use crate::language::Rule;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "non-finite",
        title: "损失、梯度或评分出现 NaN 或无穷大",
        meaning: "计算已经失效：用这样的梯度更新过的权重不可挽回，此后的数值都没有意义。",
    },
    Rule {
        id: "data-range",
        title: "数据的取值范围与生成器的输出范围不一致",
        meaning: "生成器做不出数据中的某些取值，或必须避开数据从不出现的取值；判别器只看这一点就够了。",
    },
    Rule {
        id: "constant-channel",
        title: "数据的某个通道或坐标在所有样本中取值相同",
        meaning: "真实样本在某处取恰好相同的值，而生成器只能接近它：判别器不看别的就能区分二者。",
    },
    Rule {
        id: "duplicate-data",
        title: "许多真实样本是其他样本的完全复制",
        meaning: "数据比看上去的少：重复的样本权重很大，并最先被记住。",
    },
    Rule {
        id: "near-empty-class",
        title: "数据中有一个类别几乎没有样本",
        meaning: "几千个批次也很少遇到这个类别：无条件的生成器会把它漏掉，有条件的只会重复那几个样本。",
    },
    Rule {
        id: "tiny-data",
        title: "真实样本太少",
        meaning: "判别器会记住几百个样本，此后拒绝其余的一切；生成器跟随它，要么抄袭，要么坍缩。",
    },
    Rule {
        id: "labels-in-order",
        title: "训练按类别顺序读取样本",
        meaning: "每个批次只有一个类别：判别器只认最近几批的类别为真，生成器随之逐类漂移，批归一化也只见到一个类别的统计量。",
    },
    Rule {
        id: "wrong-polarity",
        title: "黑白与测量样本时所用的相反",
        meaning: "用于比较的特征提取器是为深底浅笔画做的，而数据是浅底深笔画，或正好相反。训练不受影响，但测量值不能用。",
    },
    Rule {
        id: "unusual-learning-rate",
        title: "学习率与通常使用的相差甚远",
        meaning: "对 GAN 的优化器来说，这样大小的步长要么越过一切，要么整个训练都移不动权重。",
    },
    Rule {
        id: "unusual-momentum",
        title: "动量高于任何通常使用的值",
        meaning: "每次更新都在重复此前上百次更新的意图；对手早已移动，而这一方仍朝对手原先所在之处前进。",
    },
    Rule {
        id: "instance-noise-too-strong",
        title: "加在判别器输入上的噪声淹没了数据",
        meaning: "判别器比较的是两团噪声：比噪声更细的东西它分辨不出，生成器也就学不到。",
    },
    Rule {
        id: "latent-too-small",
        title: "噪声的维数少于数据的维数",
        meaning: "样本是噪声的像：一个坐标只能给出一条曲线，两个坐标只能给出一个曲面；数据中更多方向上的变化，训练再久也得不到。",
    },
    Rule {
        id: "saturating-loss",
        title: "判别器领先时，饱和损失不给生成器梯度",
        meaning: "在极小极大损失下，生成器的梯度与 D(G(z)) 成正比：判别器拒绝所有生成样本时，就没有可学的了。",
    },
    Rule {
        id: "clamped-loss",
        title: "生成器的损失停在其对数的截断值上",
        meaning: "损失按 −ln(max(D, ε)) 计算，而 D(G(z)) 低于 ε：截断处是平的，生成器的梯度几乎为零，再训练多少步也不会改变。",
    },
    Rule {
        id: "unequal-learning-rates",
        title: "一方的学习速度是另一方的许多倍",
        meaning: "双方轮流行动，步幅却不同：快的一方在慢的一方再次行动之前，就已完全应对了它的每一步。",
    },
    Rule {
        id: "learning-rate-too-high",
        title: "步长太大",
        meaning: "一次更新改变权重大小的十分之一以上：该方越过自己的目标，对手学的是一步之后就不存在的权重。",
    },
    Rule {
        id: "learning-rate-too-low",
        title: "步长太小，训练没有进展",
        meaning: "相对于权重，更新太短，整个训练几乎没有移动这一方。",
    },
    Rule {
        id: "overflow-ahead",
        title: "数值不断增大，即将溢出",
        meaning: "梯度、评分或权重成倍增长，而且还在继续：现在还没有坏，再过一会儿就会。",
    },
    Rule {
        id: "batch-too-small",
        title: "批归一化只基于寥寥几个样本",
        meaning: "样本这么少时，均值和方差只是噪声：样本主要由同批的其他样本归一化，训练与生成时的网络并不相同。",
    },
    Rule {
        id: "batch-norm-coupling",
        title: "真实样本与生成样本共用一个批次的统计量",
        meaning: "使用批归一化的判别器在同一批次中给真假样本评分，会从统计量中看到另一半：它评的是批次，而不是单个样本。",
    },
    Rule {
        id: "batch-norm-gap",
        title: "使用滑动统计量时，生成器的输出与训练时不同",
        meaning: "判别器评判的样本用本批次归一化，展示的样本用不相称的滑动平均归一化：训练出的生成器比实际使用的好。",
    },
    Rule {
        id: "clip-wall",
        title: "判别器的大部分权重停在裁剪边界上",
        meaning: "优化器把权重向外推，裁剪又把它们推回：权重只剩两个取值，判别器简单到结构所允许的极限，学不到界限之外的东西。",
    },
    Rule {
        id: "critic-slope",
        title: "Wasserstein 判别器的斜率与要求相差甚远",
        meaning: "Wasserstein 判别器只有在斜率已知时才能衡量距离：太平则生成器无所依循，太陡则惩罚失效、评分不断增大。",
    },
    Rule {
        id: "penalty-overwhelming",
        title: "惩罚项过强，判别器无法学习",
        meaning: "判别器最小化的是惩罚项，而不是损失：处处都被压平的判别器给不了生成器方向。",
    },
    Rule {
        id: "penalty-inactive",
        title: "惩罚项太小，不起作用",
        meaning: "判别器的损失单独起决定作用：等于没有惩罚项，却付出了计算它的代价。",
    },
    Rule {
        id: "memorizing-critic",
        title: "判别器记住了训练样本",
        meaning: "它给见过的真实样本的评分高于没见过的：它所说的“真”是“见过”。它的梯度把生成器引向个别训练样本。",
    },
    Rule {
        id: "critic-won",
        title: "判别器毫无疑问地区分真实样本与生成样本",
        meaning: "每个评分的 σ 都是 0 或 1：生成器得到的只是让判别器略少一点把握的方向，与数据几乎无关。",
    },
    Rule {
        id: "critic-weak",
        title: "判别器没有学会区分任何东西",
        meaning: "它的损失相当于对一切都给出同样回答的判别器：没有判别器，生成器就没有老师。",
    },
    Rule {
        id: "batch-norm-collapse",
        title: "面对使用批归一化的判别器，生成器坍缩为单一图样",
        meaning: "几百步之内，所有潜变量都生成同一张图；判别器只看到相同图片的批次统计量，始终有些拿不准，双方都走不出来。",
    },
    Rule {
        id: "noise-ignored",
        title: "生成器从未使用噪声",
        meaning: "样本只取决于标签，或什么都不取决于：数据中标签之外的变化都被丢掉了。",
    },
    Rule {
        id: "mode-collapse",
        title: "不同的潜变量生成相同的样本",
        meaning: "生成器找到了判别器能接受的一个或几个样本，就不再生成别的：单张图可能不错，分布却不对。",
    },
    Rule {
        id: "mode-dropping",
        title: "样本中缺少数据的某些部分",
        meaning: "有些类别或模式从不生成，或少得多，其余的则生成得很好。",
    },
    Rule {
        id: "label-ignored",
        title: "生成器没有按标签生成",
        meaning: "要求第 3 类时，得到的样本是第 3 类的机会不比随机高：标签没有作用，或作用不对。",
    },
    Rule {
        id: "dead-units",
        title: "某层的大多数单元对任何输入都不激活",
        meaning: "它们输出 0，也没有梯度：网络只剩下其余单元的宽度，而且不会恢复。",
    },
    Rule {
        id: "saturated-output",
        title: "生成器的输出停在取值范围的两端",
        meaning: "在 tanh 或 sigmoid 平坦的地方没有梯度回传：全黑或全白的像素就停在那里。",
    },
    Rule {
        id: "checkerboard",
        title: "样本带有上采样层的棋盘格痕迹",
        meaning: "相邻像素由不同数量的或不同的卷积核元素生成，这种痕迹没有被学掉。",
    },
    Rule {
        id: "generator-gradient-gone",
        title: "生成器失去了梯度",
        meaning: "经判别器传回的梯度不到原来的百分之一；使用 Adam 时生成器仍在移动，但方向多半是噪声。",
    },
    Rule {
        id: "oscillation",
        title: "双方原地兜圈子",
        meaning: "生成器从一个模式跑到另一个，判别器跟在后面，双方都停不下来：质量取决于什么时候看。",
    },
    Rule {
        id: "late-decline",
        title: "最佳状态已过，正在变差",
        meaning: "样本在一段时间之前最接近数据，此后渐渐远离，幅度超过测量的噪声。",
    },
    Rule {
        id: "ema-lagging",
        title: "权重的滑动平均落后于生成器",
        meaning: "生成样本所用的权重大多来自很久以前，因此比当前权重的样本差，与对抗本身无关。",
    },
    Rule {
        id: "memorizing-generator",
        title: "样本是训练样本的复制",
        meaning: "生成器交还的是训练样本：与数据的距离很小，却没有生成任何新东西。",
    },
    Rule {
        id: "loss-not-comparable",
        title: "在这里损失不能说明质量",
        meaning: "GAN 的损失是博弈的状态，不是与数据的距离：凭它停止或比较训练，全靠运气。",
    },
    Rule {
        id: "run-too-short",
        title: "训练太短，无法得出结论",
        meaning: "双方才刚刚开始：现在看到的好坏都可能很快消失，其他结论也要这样看待。",
    },
];
