//! Tells browsers that a run has come farther.

use std::time::{Duration, Instant};

use gan_core::event::{Control, Event, Observer, ObserverError};

use crate::serve::Server;

/// A page that is made anew more often than this is not looked at longer.
const REFRESH: Duration = Duration::from_secs(3);

/// The live report of a run.
pub(crate) struct Live {
    server: Server,
    told: Option<Instant>,
}

impl Live {
    pub(crate) fn new(server: Server) -> Self {
        Self { server, told: None }
    }
}

impl<G, C> Observer<G, C> for Live {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let is_news = match event {
            Event::Measured { .. } => self.told.is_none_or(|told| told.elapsed() > REFRESH),
            Event::Started { .. } | Event::Finished { .. } | Event::Diverged { .. } => true,
            _ => false,
        };
        if is_news {
            self.told = Some(Instant::now());
            self.server.changed();
        }
        Ok(Control::Continue)
    }
}
