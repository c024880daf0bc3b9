//! Every series that rules read: name, unit, meaning, and which probe supplies it.
//!
//! The names, units and meanings of those that exist are `gan-core`'s and `gan-eval`'s quantities;
//! a series that is [`Supplier::Players`] is defined here, for a probe to be written to. Beside a
//! series `NAME` there may be `NAME/of_real`, the same of real samples, and `NAME/standard_error`.

/// Who measures a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// Every step of training.
    Step,
    /// The comparison of samples with the data, in features or with a known density.
    Samples,
    /// The full comparison of samples with the data, after training.
    FullComparison,
    /// The duality gap.
    DualityGap,
    /// The probes of both players, with every evaluation.
    Probes,
    /// A probe of players and samples that this program does not have yet.
    Players,
}

impl Supplier {
    /// How to have it measured, in words.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Step => "every step measures it: log.every",
            Self::Samples => {
                "samples are compared with the data: evaluation.features and evaluation.every"
            }
            Self::FullComparison => "`gan evaluate RUN --all` measures it, `gan train` does not",
            Self::DualityGap => "evaluation.duality_gap=50",
            Self::Probes => "every evaluation measures it: evaluation.every",
            Self::Players => "a probe of the players, which `gan train` does not have yet",
        }
    }
}

/// A series that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// The path under which it is measured.
    pub name: &'static str,
    /// Its unit; `1` for a number without one.
    pub unit: &'static str,
    /// Who measures it.
    pub supplier: Supplier,
    /// What it is.
    pub meaning: &'static str,
    /// What other programs call it, in lower case without separators.
    pub aliases: &'static [&'static str],
}

/// Declares the series and the table of all of them.
macro_rules! series {
    ($($constant:ident: $name:literal, $unit:literal, $supplier:ident,
        $meaning:literal $(, $alias:literal)*;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Series = Series {
                name: $name,
                unit: $unit,
                supplier: Supplier::$supplier,
                meaning: $meaning,
                aliases: &[$($alias),*],
            };
        )*
        /// All of them, those of a step first.
        pub const SERIES: &[Series] = &[$($constant),*];
    };
}

series! {
    CRITIC_LOSS: "critic/loss", "loss", Step,
        "The critic's adversarial loss without penalties.",
        "dloss", "lossd", "errd", "discriminatorloss", "criticloss", "dislos",
        "lossdiscriminator", "ld";
    GENERATOR_LOSS: "generator/loss", "loss", Step,
        "What the generator minimizes.",
        "gloss", "lossg", "errg", "generatorloss", "genloss", "lossgenerator", "lg";
    REAL_PROBABILITY: "critic/real_probability", "probability", Step,
        "Mean D(x): σ(score) over the real batch.",
        "dx", "dreal", "realprob", "dxreal", "realscoremean", "predreal";
    FAKE_PROBABILITY: "critic/fake_probability", "probability", Step,
        "Mean D(G(z)): σ(score) over the fakes of the critic's step.",
        "dgz", "dgz1", "dfake", "fakeprob", "dgx", "predfake";
    CRITIC_GRADIENT_NORM: "critic/gradient_norm", "norm", Step,
        "Euclidean norm of all of the critic's weight gradients.",
        "dgradnorm", "gradnormd", "dgrad", "gradd";
    GENERATOR_GRADIENT_NORM: "generator/gradient_norm", "norm", Step,
        "Euclidean norm of all of the generator's weight gradients.",
        "ggradnorm", "gradnormg", "ggrad", "gradg";
    PENALTY: "critic/penalty", "loss", Step,
        "The sum of all penalties on the critic, weights included.",
        "gp", "gradientpenalty", "r1", "r1penalty", "penalty", "lossgp", "gradpenalty";

    FRECHET: "samples/frechet", "of the features, squared", Samples,
        "Fréchet distance between features of samples and of real data.",
        "fid", "fid50k", "fid50kfull", "frechetdistance";
    KERNEL_DISTANCE: "samples/kernel_distance", "of the kernel", Samples,
        "Unbiased squared MMD with the cubic kernel between features.",
        "kid", "kid50k";
    JS: "samples/js", "nats", Samples,
        "Jensen–Shannon divergence from a known density.", "jsd", "jensenshannon";
    SLICED_W2: "samples/sliced_w2", "of the points", Samples,
        "Sliced Wasserstein-2 distance from the data.", "swd", "slicedwasserstein";
    MODES_KL: "samples/modes_kl", "nats", Samples,
        "KL of the modes of Stacked MNIST from the uniform distribution.", "modekl";
    RECALL: "samples/recall", "share", Samples,
        "Share of real samples inside the balls of generated neighbors.", "improvedrecall";
    COVERAGE: "samples/coverage", "share", Samples,
        "Share of real balls with a sample inside.";
    SPREAD: "samples/spread", "of a value", Samples,
        "Standard deviation over samples, averaged over values.",
        "diversity", "sampledstd", "fakestd";
    DUPLICATES: "samples/duplicates", "share", Samples,
        "Share of samples with another one within the radius in which one real sample in a \
         thousand has one.";
    SMALLEST_CLASS: "samples/smallest_class", "of its share of the data", Samples,
        "The least share of a class among samples, over its share of the data.";
    MODES_COVERED: "samples/modes_covered", "modes", Samples,
        "Modes of the known density with at least one sample near.", "modes", "nmodes";
    LABEL_AGREEMENT: "samples/label_agreement", "share", Samples,
        "Share of samples that the classifier takes for the class asked for.",
        "labelacc", "classacc";
    AUTHENTICITY: "samples/authenticity", "share", FullComparison,
        "Share of samples farther from their nearest training sample than that one is from its own \
         nearest.", "authpct";
    COPYING: "samples/copying", "standard errors", FullComparison,
        "C_T: Mann–Whitney z of the distances to the nearest training sample, of samples against \
         held-out ones; far below 0 where samples are copies.", "ct";
    DUALITY_GAP: "game/duality_gap", "game value", DualityGap,
        "What both players would gain if each moved alone.", "dualitygap";

    LIVE_FRECHET: "live/frechet", "of the features, squared", Samples,
        "samples/frechet of the step's own weights, at the same steps, seeds and sizes, where \
         samples/frechet is of their EMA.";
    SCORE_OVERLAP: "critic/score_overlap", "share", Probes,
        "Twice the share of pairs (real, fake) of one batch whose fake has the higher score, ties \
         half, at most 1: 0 where scores separate, 1 where they do not differ.";
    SATURATED_SCORES: "critic/saturated_scores", "share", Probes,
        "Share of scores of a real and a fake batch with σ(score) within 0.001 of 0 or 1.";
    SCORE_SIZE: "critic/score_size", "score", Probes,
        "Median absolute score over a real and a fake batch.";
    HELD_OUT_GAP: "critic/held_out_gap", "standard deviations", Probes,
        "Mean score of training samples less that of held-out real ones, over the standard \
         deviation of the latter.", "heldoutgap";
    INPUT_GRADIENT: "critic/input_gradient_norm", "norm", Probes,
        "Mean Euclidean norm of the gradient of a score by its sample, at points halfway between \
         real and fake ones.", "gradnormx", "slopes";
    SAMPLE_GRADIENT: "generator/sample_gradient_norm", "norm", Probes,
        "Mean Euclidean norm of the gradient of the generator's loss by each of its samples, times \
         the batch size.";
    CRITIC_UPDATE_RATIO: "critic/update_ratio", "1", Probes,
        "Median over weight matrices of ‖change of one update‖ ÷ ‖weights‖.";
    GENERATOR_UPDATE_RATIO: "generator/update_ratio", "1", Probes,
        "Median over weight matrices of ‖change of one update‖ ÷ ‖weights‖.";
    CRITIC_WEIGHT_NORM: "critic/weight_norm", "norm", Probes,
        "Euclidean norm of all of the critic's trained weights.";
    GENERATOR_WEIGHT_NORM: "generator/weight_norm", "norm", Probes,
        "Euclidean norm of all of the generator's trained weights.";
    CLIP_SHARE: "critic/clip_share", "share", Probes,
        "Share of the critic's clipped weights whose absolute value is at least 0.999·c after the \
         clipping.", "clipshare";
    GENERATOR_DEAD_UNITS: "generator/dead_units", "share", Probes,
        "Largest share, over layers with weights, of units or maps whose weights get no gradient from \
         any sample of a batch.";
    CRITIC_DEAD_UNITS: "critic/dead_units", "share", Probes,
        "Largest share, over layers with weights, of units or maps whose weights get no gradient from \
         any sample of a real and a fake batch.";
    SATURATED_OUTPUTS: "generator/saturated_outputs", "share", Probes,
        "Share of values of samples within 0.001 of an end of the output's range; of_real: the \
         same of the data.";
    TRAIN_EVAL_GAP: "generator/train_eval_gap", "of the spread", Probes,
        "Root mean square difference between samples of the same latents with the statistics of \
         their batch and with running ones, over the spread of the former.";
    BATCH_COUPLING: "critic/batch_coupling", "of the deviation", Probes,
        "Root mean square change of the scores of the same real samples when the other half of \
         their batch becomes fakes, over the standard deviation of their scores.";
    NOISE_SENSITIVITY: "generator/noise_sensitivity", "of the data's", Probes,
        "Median distance between samples of different noise and the same label, over that of real \
         samples of one class.";
    LABEL_SENSITIVITY: "generator/label_sensitivity", "of the noise's", Probes,
        "Root mean square change of samples when their label changes, over that when their noise \
         does.";
    HOPPING: "generator/hopping", "share", Players,
        "Share of a fixed set of latents whose class, or nearest mode, is another than at the \
         measurement before.";
    STRIDE_ENERGY: "samples/stride_energy", "1", Probes,
        "Mean, over the frequencies of upsampling strides, of their spectral energy over that of \
         the bins around them; of_real: the same of the data.";
}

/// The series of a name.
#[must_use]
pub fn find_series(name: &str) -> Option<&'static Series> {
    SERIES.iter().find(|series| series.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_aliases_are_unique() {
        let names: BTreeSet<_> = SERIES.iter().map(|series| series.name).collect();
        assert_eq!(names.len(), SERIES.len());
        let aliases: Vec<_> = SERIES.iter().flat_map(|series| series.aliases).collect();
        assert_eq!(aliases.iter().collect::<BTreeSet<_>>().len(), aliases.len());
    }

    #[test]
    fn names_are_paths_and_meanings_are_sentences() {
        for series in SERIES {
            assert_eq!(series.name.matches('/').count(), 1, "{}", series.name);
            assert!(series.meaning.ends_with('.'), "{}", series.name);
        }
    }
}
