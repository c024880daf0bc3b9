//! Ends a run whose folder has gone.

use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError};

use crate::run_folder::Claim;

/// Looks before anything is written: what is written under the name of a folder that was moved or
/// deleted belongs to no run, or to another one.
pub(crate) struct Guard {
    pub(crate) claim: Claim,
}

impl<G, C> Observer<G, C> for Guard {
    fn observe(&mut self, _event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match self.claim.is_intact() {
            true => Ok(Control::Continue),
            false => Err(Unrecorded::because(self.claim.gone())),
        }
    }
}
