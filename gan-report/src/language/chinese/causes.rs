//! How the doctor explains one run, in Chinese: by rule, its English sentence with holes, and ours with the
//! numbers of the holes.

pub(super) static CAUSES: &[(&str, &str, &str)] = &[
    ("non-finite", "{} is {} at step {} {}", "{0}在第 {2} 步为 {1}，{3}"),
    (
        "data-range",
        "the data lie in [{}, {}] and the generator's output in [{}, {}]",
        "数据在 [{0}, {1}] 之内，而生成器的输出在 [{2}, {3}] 之内",
    ),
    (
        "constant-channel",
        "{} channels or coordinates are the same in every real sample",
        "有 {0} 个通道或坐标在所有真实样本中取值相同",
    ),
    (
        "duplicate-data",
        "{} of the real samples are copies of others",
        "{0} 的真实样本是其他样本的复制",
    ),
    (
        "near-empty-class",
        "class {} has {} samples where the mean is {}",
        "类别 {0} 只有 {1} 个样本，而平均每类有 {2} 个",
    ),
    (
        "tiny-data",
        "{} real samples are few enough for the critic to learn them by heart",
        "{0} 个真实样本少到判别器可以全部死记",
    ),
    ("labels-in-order", "a batch holds samples of one class only", "一个批次里只有同一类别的样本"),
    (
        "wrong-polarity",
        "the median value is {}, and {} in the data that samples are measured with",
        "取值的中位数为 {0}，而用来衡量样本的数据为 {1}",
    ),
    (
        "batch-too-small",
        "batch normalization takes its statistics from {} samples",
        "批归一化的统计量只来自 {0} 个样本",
    ),
    (
        "latent-too-small",
        "noise of {} coordinates: samples lie on {}",
        "噪声只有 {0} 个坐标：样本落在{1}上",
    ),
    (
        "unusual-learning-rate",
        "learning rates of {} and {}, of generator and critic",
        "生成器与判别器的学习率分别为 {0} 和 {1}",
    ),
    (
        "unusual-momentum",
        "an update goes where the last {} went",
        "一次更新沿着此前约 {0} 次更新的方向走",
    ),
    (
        "instance-noise-too-strong",
        "noise of {} on data in a range of {}",
        "在取值范围为 {1} 的数据上加了 {0} 的噪声",
    ),
    (
        "batch-norm-collapse",
        "both gradients fell together while a critic with batch normalization was ahead",
        "在使用批归一化的判别器占优时，双方的梯度一起下降",
    ),
    (
        "batch-norm-coupling",
        "batch statistics tell the critic whether fakes are in the batch",
        "批内统计量泄露了批次中是否有生成样本",
    ),
    ("batch-norm-gap", "running statistics do not fit the weights", "滑动统计量与当前权重不相符"),
    (
        "checkerboard",
        "a kernel of {} with stride {} covers some pixels more often than others",
        "大小为 {0}、步长为 {1} 的卷积核对某些像素覆盖得更多",
    ),
    (
        "checkerboard",
        "the spectrum of samples has the grid of the strides, and the data has not",
        "样本的频谱上有步长造成的网格，而数据没有",
    ),
    (
        "clamped-loss",
        "the generator's loss stands at {}, to which a logarithm is clamped",
        "生成器的损失停在 {0}，这是对数被截断处的值",
    ),
    ("clip-wall", "{} of the critic's weights are at ±{}", "判别器有 {0} 的权重停在 ±{1} 处"),
    ("critic-slope", "the critic is {}", "判别器{0}"),
    (
        "critic-weak",
        "the critic's loss is {}, that of one that answers the same to everything",
        "判别器的损失为 {0}，与对一切给出同样回答者无异",
    ),
    (
        "critic-won",
        "real samples and fakes do not overlap, and nothing keeps the critic from certainty",
        "真实样本与生成样本不重叠，而且没有什么阻止判别器变得确信无疑",
    ),
    (
        "dead-units",
        "{} of the units of a layer of the {} are off for every input",
        "{1}的某一层中有 {0} 的单元对任何输入都不激活",
    ),
    (
        "ema-lagging",
        "samples are of weights that are mostly from long ago",
        "样本出自大部分属于很久以前的权重",
    ),
    (
        "ema-lagging",
        "a quarter or more of the average is still the weights of the first step",
        "平均值中仍有四分之一以上是第一步的权重",
    ),
    (
        "generator-gradient-gone",
        "hardly anything comes back through the critic",
        "几乎没有梯度能穿过判别器传回来",
    ),
    (
        "label-ignored",
        "samples do not follow the label they are asked for",
        "样本与所要求的标签不相符",
    ),
    (
        "late-decline",
        "{} was best at step {} and has become worse since",
        "{0}在第 {1} 步最好，此后变差",
    ),
    (
        "learning-rate-too-high",
        "an update changes the {}'s weights by {}",
        "一次更新使{0}的权重改变 {1}",
    ),
    (
        "learning-rate-too-high",
        "the critic's loss has {} spikes in {} values",
        "判别器的损失在 {1} 个数值中有 {0} 个尖峰",
    ),
    (
        "learning-rate-too-low",
        "updates of the {} are too short to change it",
        "{0}的更新太小，几乎不改变权重",
    ),
    (
        "loss-not-comparable",
        "the generator's loss is no measure of its samples",
        "生成器的损失不能衡量样本的好坏",
    ),
    (
        "memorizing-critic",
        "the critic scores samples that it was trained on above real ones that it was not",
        "判别器给训练过的真实样本的评分高于未训练过的",
    ),
    (
        "memorizing-generator",
        "samples lie nearer to the training data than held-out real samples do",
        "样本比留出的真实样本更靠近训练数据",
    ),
    (
        "mode-collapse",
        "different latents make nearly the same sample",
        "不同的潜变量生成几乎相同的样本",
    ),
    (
        "mode-dropping",
        "part of the data is missing among samples, by {}",
        "样本中缺少数据的一部分（依据：{0}）",
    ),
    (
        "noise-ignored",
        "samples hardly depend on their {} coordinates of noise",
        "样本几乎不依赖噪声的 {0} 个坐标",
    ),
    ("noise-ignored", "samples hardly depend on their noise", "样本几乎不依赖噪声"),
    (
        "oscillation",
        "{} of the latents change class from one look to the next",
        "从一次查看到下一次，有 {0} 的潜变量改变了类别",
    ),
    (
        "oscillation",
        "the critic's loss has a period of about {} points",
        "判别器的损失有约 {0} 个点的周期",
    ),
    ("overflow-ahead", "{} is {} times its usual and rising", "{0}是通常的 {1} 倍，而且还在上升"),
    ("penalty-inactive", "the penalty is lost beside the loss", "与损失相比，惩罚项微不足道"),
    (
        "penalty-overwhelming",
        "the critic minimizes its penalty and not its loss",
        "判别器在最小化惩罚项，而不是损失",
    ),
    ("run-too-short", "{} steps are too few to say anything", "{0} 步太少，还不能下结论"),
    (
        "saturated-output",
        "{} of all values of samples are at an end of their range",
        "样本中有 {0} 的数值停在取值范围的端点",
    ),
    (
        "saturating-loss",
        "at this D(G(z)) the minimax gradient is {} times shorter than the non-saturating one",
        "在这样的 D(G(z)) 下，极小极大损失的梯度只有非饱和损失的 1/{0}",
    ),
    (
        "unequal-learning-rates",
        "the {} learns many times as fast as its opponent",
        "{0}的学习速度是对手的许多倍",
    ),
];

/// Words that stand in holes.
pub(super) static PARTS: &[(&str, &str)] = &[
    ("generator", "生成器"),
    ("critic", "判别器"),
    ("generator and the critic", "生成器与判别器"),
    ("critic and the generator", "判别器与生成器"),
    ("a curve", "一条曲线"),
    ("a surface of as many dimensions", "同样维数的曲面"),
    ("too flat to follow", "过于平坦，无法跟随"),
    ("steeper than what bounds it should allow", "比约束所允许的更陡"),
    ("and is finite again", "之后又恢复有限"),
    ("which is its newest value", "这是最新的一个数值"),
    ("and does not become finite again", "之后再未恢复有限"),
    ("infinite", "无穷大"),
];
