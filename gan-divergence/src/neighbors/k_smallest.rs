//! The `k` smallest of many values.

/// The `k` smallest values offered so far, ascending.
pub(super) struct KSmallest {
    values: Vec<f64>,
}

impl KSmallest {
    pub(super) fn new(k: usize) -> Self {
        Self { values: vec![f64::INFINITY; k] }
    }

    /// Infinite where fewer were offered.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(super) fn worst(&self) -> f64 {
        self.values[self.values.len() - 1]
    }

    pub(super) fn offer(&mut self, value: f64) {
        let mut place = self.values.len();
        while place > 0 && value < self.values[place - 1] {
            place -= 1;
        }
        if place < self.values.len() {
            self.values[place..].rotate_right(1);
            self.values[place] = value;
        }
    }
}
