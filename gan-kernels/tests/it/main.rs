//! The layers of this crate against Burn's own: results, gradients, optimizers, whole trainings.

#![allow(clippy::expect_used, reason = "what a test cannot do without ends it")]

/// A test for everything that has to hold on every backend with kernels.
macro_rules! test_layers_on {
    ($device:expr) => {
        test_layers_on! { $device =>
            convolutions_are_those_of_burn = $crate::layers::convolutions,
            transposed_convolutions_are_those_of_burn = $crate::layers::transposed_convolutions,
            fully_connected_layers_are_those_of_burn = $crate::layers::fully_connected,
            products_in_bfloat16_are_near_those_in_f32 = $crate::layers::products_in_bfloat16,
            batch_normalization_is_that_of_burn_and_moves_its_statistics =
                $crate::layers::batch_normalization,
            group_normalization_is_that_of_burn = $crate::layers::group_normalization,
            the_tangent_of_group_normalization_and_its_gradients_are_right =
                $crate::layers::tangent_of_group_normalization,
            activations_are_those_of_burn = $crate::layers::activations,
            the_slope_of_a_rectifier_is_its_gradient = $crate::layers::slopes_of_rectifiers,
            features_become_maps_in_their_order = $crate::layers::features_as_maps,
            softplus_and_its_slope_are_those_of_burn = $crate::layers::softplus,
            parts_are_joined_as_burn_does = $crate::layers::joined_parts,
            what_is_shared_is_left_alone = $crate::layers::shared_tensors,
            what_the_kernels_do_not_take_runs_on_burns_layers =
                $crate::layers::dilated_convolutions,
            grouped_convolutions_are_those_of_burn = $crate::maps::grouped_convolutions,
            grouped_transposed_convolutions_are_those_of_burn =
                $crate::maps::grouped_transposed_convolutions,
            average_pooling_is_that_of_burn = $crate::maps::average_pooling,
            upsampling_is_that_of_burn = $crate::maps::upsampling,
            maps_are_added_up_as_by_burn = $crate::maps::sums_of_maps,
            maps_become_features_in_their_order = $crate::maps::maps_as_features,
            a_residual_and_its_shortcut_are_those_of_burn = $crate::maps::residuals,
            conditional_batch_normalization_is_that_of_burn =
                $crate::maps::conditional_batch_normalization,
            shards_normalized_together_are_the_whole_batch = $crate::shards::synchronized,
            what_cannot_be_synchronized_says_so = $crate::shards::not_synchronized,
            products_of_matrices_are_those_of_burn = $crate::sums::products_of_matrices,
            sums_are_those_of_burn = $crate::sums::sums_of_rows_and_of_everything,
            adam_moves_weights_as_burns_does = $crate::optimizer::adam,
            rms_prop_moves_weights_as_burns_does = $crate::optimizer::rms_prop,
            a_training_on_the_kernels_is_the_training_in_burns_layers =
                $crate::whole_step::compare_trainings,
        }
    };
    ($device:expr => $($name:ident = $test:path,)*) => {
        $(
            #[test]
            fn $name() {
                $crate::compare::with_kernels($device, $test);
            }
        )*
    };
}

mod compare;
mod differences;
mod flex;
mod layers;
#[cfg(feature = "tch")]
mod libtorch;
mod maps;
mod optimizer;
mod shards;
mod sums;
mod whole_step;
