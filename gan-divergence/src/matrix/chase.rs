//! A symmetric band brought to tridiagonal form, column by column.

use crate::lanes::{BAND_WIDTH, chase_column};

/// The diagonal and the subdiagonal of a tridiagonal matrix with the eigenvalues of a band.
///
/// `matrix` holds the band in its lower triangle. Every column is made zero below the subdiagonal by a
/// reflection of its [`BAND_WIDTH`] rows; what that fills in below the band is chased down and out by
/// further ones, in blocks of `BAND_WIDTH` rows.
///
/// Source: Murata and Horikoshi (1975); Lang (1993), doi:10.1137/0914078.
pub(crate) fn band_to_tridiagonal(matrix: &[f64], dim: usize) -> (Vec<f64>, Vec<f64>) {
    let width = 2 * BAND_WIDTH;
    let mut band = vec![0.0; dim * width];
    for (i, (row, place)) in matrix.chunks_exact(dim).zip(band.chunks_exact_mut(width)).enumerate()
    {
        let first = i.saturating_sub(BAND_WIDTH);
        place[width - 1 - (i - first)..].copy_from_slice(&row[first..=i]);
    }
    for column in 0..dim.saturating_sub(2) {
        chase_column(&mut band, dim, column);
    }
    let diagonal = band.chunks_exact(width).map(|row| row[width - 1]).collect();
    let below = band.chunks_exact(width).skip(1).map(|row| row[width - 2]).collect();
    (diagonal, below)
}
