use super::*;

/// Every vector loop against the plain loop it stands for.
fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

#[test]
fn exp_agrees_with_the_standard_library() {
    let mut worst = 0.0f64;
    for i in -7079..7090 {
        let x = f64::from(i) * 0.1 + 0.013;
        let mut y = [x];
        exp_in_place(&mut y);
        worst = worst.max((y[0] / x.exp() - 1.0).abs());
    }
    assert!(worst < 4.0 * f64::EPSILON, "{worst:e}");
    let mut edges = [0.0, -1e4, f64::NEG_INFINITY, -0.0];
    exp_in_place(&mut edges);
    assert_eq!(edges, [1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn ln_ratio_agrees_with_the_standard_library() {
    let (p, q) = (numbers(5000, 3), numbers(5000, 7));
    for ((p, q), i) in p.into_iter().zip(q).zip(0..) {
        let (p, q) = (p + 1e-9, (q + 1e-9) * 2f64.powi(i % 300 - 150));
        let exact = p.ln() - q.ln();
        let tolerance = 4.0 * f64::EPSILON * (1.0 + p.ln().abs() + q.ln().abs());
        assert!((ln_ratio(p, q) - exact).abs() <= tolerance, "{p} {q}");
    }
    assert_eq!(ln_ratio(0.3, 0.3), 0.0);
    let tiny = 1e-13f64;
    assert!((ln_ratio(1.0 + tiny, 1.0) / tiny.ln_1p() - 1.0).abs() < 1e-3);
    let extreme = ln_ratio(f64::MAX, f64::MIN_POSITIVE);
    assert!((extreme - (f64::MAX.ln() - f64::MIN_POSITIVE.ln())).abs() < 1e-12);
}

#[test]
fn tiles_are_bit_equal_to_the_plain_loops() {
    let (dim, columns) = (5, 2 * LANES);
    let (x, y) = (numbers(TILE_ROWS * dim, 1), numbers(columns * dim, 2));
    let mut packed = vec![0.0; columns * dim];
    for (j, row) in y.chunks_exact(dim).enumerate() {
        for (d, &value) in row.iter().enumerate() {
            packed[(j / LANES * dim + d) * LANES + j % LANES] = value;
        }
    }
    let rows = std::array::from_fn(|r| &x[r * dim..(r + 1) * dim]);
    let (mut distances, mut products) = ([0.0; 64], [0.0; 64]);
    squared_distances(rows, &packed, &mut distances);
    inner_products(rows, &packed, &mut products);
    for r in 0..TILE_ROWS {
        for (j, y) in y.chunks_exact(dim).enumerate() {
            let pairs = || rows[r].iter().zip(y);
            let distance = pairs().fold(0.0, |s, (x, y)| s + (x - y) * (x - y));
            let product = pairs().fold(0.0, |s, (x, y)| s + x * y);
            assert_eq!(distances[r * columns + j], distance);
            assert_eq!(products[r * columns + j], product);
        }
    }
}

#[test]
fn reductions_agree_with_plain_loops_at_every_length() {
    for n in [0, 1, 7, 8, 9, 31, 100] {
        let (a, b) = (numbers(n, 11), numbers(n, 13));
        let pairs = || a.iter().zip(&b);
        let max = pairs().fold(f64::NEG_INFINITY, |m, (a, b)| m.max(a + b));
        let min = pairs().fold(f64::INFINITY, |m, (a, b)| m.min(a - b));
        assert_eq!(max_of_sums(&a, &b), max);
        assert_eq!(min_of_differences(&a, &b), min);
        let exps: f64 = pairs().map(|(a, b)| (a + b - 1.5).exp()).sum();
        assert!((sum_exp(&a, &b, 1.5) - exps).abs() < 1e-13 * (1.0 + exps));
        let entropy: f64 = pairs().map(|(a, b)| a * (a / b).ln()).sum();
        assert!((relative_entropy(&a, &b) - entropy).abs() < 1e-12);
    }
}

#[test]
fn the_gram_matrix_is_right_on_and_above_the_diagonal() {
    for dim in [1, 3, 8, 13] {
        let rows = numbers(6 * dim, 17);
        let mut gram = vec![0.0; dim * dim];
        add_gram(&rows, dim, &mut gram);
        for i in 0..dim {
            for j in i..dim {
                let plain = rows.chunks_exact(dim).fold(0.0, |s, row| s + row[i] * row[j]);
                assert_eq!(gram[i * dim + j], plain);
            }
        }
    }
}

#[test]
fn searches_agree_with_plain_loops() {
    for n in [2, 7, 8, 9, 31, 100] {
        let (costs, prices) = (numbers(n, 19), numbers(n, 23));
        let mut order: Vec<usize> = (0..n).collect();
        let key = |j: usize| costs[j] - prices[j];
        order.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
        let expected = (key(order[0]), order[0], key(order[1]), order[1]);
        assert_eq!(two_smallest(&costs, &prices), expected);
        let mut open_prices = prices.clone();
        open_prices[order[0]] = f64::NEG_INFINITY;
        let mut distances = vec![0.5; n];
        distances[order[0]] = f64::INFINITY;
        let (least, column) = relax(0.25, &costs, &open_prices, &mut distances);
        for j in (0..n).filter(|&j| j != order[0]) {
            assert_eq!(distances[j], (0.25 + key(j)).min(0.5));
        }
        assert_eq!(distances[order[0]], f64::INFINITY);
        assert_eq!(least, (0.25 + key(order[1])).min(0.5));
        assert_eq!(distances[column], least);
    }
}

#[test]
fn comparisons_and_roots_agree_with_plain_loops() {
    for n in [1, 8, 21] {
        let (values, bounds) = (numbers(n, 29), numbers(n, 31));
        let (mut counts, mut first, mut second) = (vec![3; n], vec![3; n], vec![5; n]);
        let below = values.iter().filter(|v| **v < 0.5).count() as u64;
        assert_eq!(count_below(&values, 0.5, &mut counts), below);
        let below_own = compare_row(&values, 0.5, &bounds, [&mut first, &mut second]);
        assert_eq!(below_own, values.iter().zip(&bounds).filter(|(v, b)| v < b).count() as u64);
        assert!(values.iter().zip(&counts).all(|(v, c)| *c == 3 + u64::from(*v < 0.5)));
        assert_eq!(first, counts);
        let own = |j: usize| 5 + u64::from(values[j] < bounds[j]);
        assert!((0..n).all(|j| second[j] == own(j)));
        let roots: f64 = values.iter().map(|v| v.sqrt()).sum();
        assert!((sum_of_roots(&values) - roots).abs() < 1e-13);
    }
}

#[test]
fn scaling_a_row_is_a_product_and_a_sum() {
    for n in [1, 8, 29] {
        let (row, factors) = (numbers(n, 37), numbers(n, 41));
        let mut sums = vec![1.0; n];
        let product = scale_row(&row, &factors, 0.5, &mut sums);
        let plain: f64 = row.iter().zip(&factors).map(|(x, v)| x * v).sum();
        assert!((product - plain).abs() < 1e-14 * (1.0 + plain));
        assert!(sums.iter().zip(&row).all(|(s, x)| *s == 1.0 + 0.5 / product * x));
    }
}

#[test]
fn the_way_along_a_circle_agrees_with_a_plain_loop() {
    let pieces = numbers(2 * CIRCLE_NODES, 5);
    let rule = [0, 1].map(|half| std::array::from_fn(|i| pieces[half * CIRCLE_NODES + i]));
    for (angle, sharpness, length) in [(0.0f64, 0.0f64, 1.0f64), (0.3, 40.0, 0.7), (2.0, 3.0, 0.2)]
    {
        let found = along_circle(&rule, length, [sharpness, angle.cos(), angle.sin()]);
        let term = |(node, weight): (&f64, &f64)| {
            let way = 4.0 * (length * node).atan();
            let power = sharpness * ((angle + way).cos() - angle.cos());
            weight * power.exp() * (0.25 * way).cos().powi(2)
        };
        let expected: f64 = rule[0].iter().zip(&rule[1]).map(term).sum();
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} {expected}");
    }
}

/// Four parts of as many numbers.
fn quarters<T>(x: &[T]) -> [&[T]; TILE_ROWS] {
    let length = x.len() / TILE_ROWS;
    std::array::from_fn(|part| &x[part * length..(part + 1) * length])
}

/// The lines of a target, of `width` numbers each.
fn lines<const N: usize>(target: &mut [f64], width: usize) -> [&mut [f64]; N] {
    let mut lines = target.chunks_exact_mut(width);
    [(); N].map(|()| lines.next().unwrap())
}

/// Processors that never meet in one machine, such as those with AVX2 and with NEON, make the same bits.
#[test]
fn the_bits_are_those_that_were_recorded() {
    let (a, b) = (numbers(8 * 13, 43), numbers(8 * 13, 47));
    let mut powers: Vec<f64> = a.iter().map(|x| 60.0 * x - 50.0).collect();
    exp_in_place(&mut powers);
    let (mut sums, mut gram) = (vec![1.0; a.len()], vec![0.0; 13 * 13]);
    let product = scale_row(&a, &b, 0.5, &mut sums);
    add_gram(&a, 13, &mut gram);
    let [rows, packed] =
        [24, 6 * SCREEN_LANES].map(|n| a.iter().take(n).map(|x| *x as f32).collect::<Vec<_>>());
    let mut screen = [0.0; TILE_ROWS * SCREEN_LANES];
    screened(quarters(&rows), &packed, cut(&a), &b[..SCREEN_LANES], &mut screen);
    let mut solved = b.clone();
    solve_group(&mut solved, &numbers(13 * 13, 53));
    let (mut tile, mut pairs) = ([0.0; 16 * LANES], [0.0; TILE_ROWS * TILE_ROWS]);
    add_tile(&a, [&b, &powers], 0.7, lines(&mut tile, 16));
    add_inner_products(quarters(&a), quarters(&b), lines(&mut pairs, TILE_ROWS));
    let circle = along_circle(&[cut(&a), cut(&b)], 0.7, [40.0, 0.6, 0.8]);
    let (exponents, entropy) = (sum_exp(&a, &b, 1.5), relative_entropy(&a, &b));
    let others = [product, circle, exponents, entropy, sum_of_roots(&a), inner_product(&a, &b)];
    let made = [&powers, &sums, &gram, &screen[..], &solved, &tile, &pairs, &others].concat();
    assert!(made.iter().all(|x| x.is_finite()), "one of them says nothing");
    // FNV-1a.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = made.iter().flat_map(|x| x.to_bits().to_le_bytes());
    assert_eq!(format!("{:016x}", bytes.fold(0xcbf2_9ce4_8422_2325, step)), "8d7e33deeb766ae2");
}
