"""Writes cases.json: random inputs and what SciPy, scikit-learn, POT, prdc, torch and torch-fidelity make of them.

Needs: numpy scipy scikit-learn POT prdc torch torch-fidelity. No test needs this script; the tests read
the JSON that it wrote, which names the versions. Run it from this folder: python generate.py
"""

import json
import platform
import warnings
from importlib.metadata import version

import numpy as np
import ot
import prdc
import torch
from scipy import linalg, optimize, spatial, special, stats
from sklearn import cluster, neighbors
from torch_fidelity import metric_fid, metric_isc, metric_kid, metric_prc

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240917)
cases = []


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def number(value):
    value = float(value)
    return "inf" if np.isinf(value) else value


def add(name, source, expected, tolerance=1e-12, **inputs):
    assert not np.isnan(expected), (name, source)
    inputs = {key: plain(value) for key, value in inputs.items()}
    case = {"name": name, "source": source, "expected": number(expected), "tolerance": tolerance}
    cases.append(case | {"inputs": inputs})


def weights(n, zeros=0):
    w = np.round(rng.gamma(0.7, size=n) + 1e-3, 4)
    w[rng.permutation(n)[:zeros]] = 0.0
    return w


def points(n, d, scale=1.0, shift=0.0):
    return np.round(rng.normal(shift, scale, size=(n, d)), 4)


def discrete():
    for i in range(24):
        n = int(rng.integers(2, 16))
        shared = int(rng.integers(0, n // 2 + 1)) if i % 3 == 0 else 0
        p, q = weights(n, shared), weights(n)
        if i % 8 == 7:
            q = np.round(p * (1 + 1e-3 * rng.normal(size=n)), 6)
        both = {"p": p, "q": q}
        add("kl", "scipy.stats.entropy", stats.entropy(p, q), **both)
        add("reverse_kl", "scipy.stats.entropy", stats.entropy(q, p), **both)
        add("entropy", "scipy.stats.entropy", stats.entropy(p), p=p)
        js = spatial.distance.jensenshannon(p, q)
        add("js_distance", "scipy.spatial.distance.jensenshannon", js, 1e-9, **both)
        P, Q = p / p.sum(), q / q.sum()
        tv = 0.5 * spatial.distance.cityblock(P, Q)
        add("total_variation", "scipy.spatial.distance.cityblock / 2", tv, **both)
        h = spatial.distance.euclidean(np.sqrt(P), np.sqrt(Q)) / np.sqrt(2)
        add("hellinger", "scipy.spatial.distance.euclidean of roots / sqrt 2", h, **both)
        if np.all(Q > 0):
            chi = stats.chisquare(P * 1000, Q * 1000).statistic / 1000
            add("pearson_chi_squared", "scipy.stats.chisquare / n", chi, 1e-11, **both)


def elementwise():
    for x, y in [(0.5, 0.9), (4.0, 2.2250738585072014e-308), (0.0, 0.3), (0.0, 0.0), (0.3, 0.0)]:
        add("rel_entr", "scipy.special.rel_entr", special.rel_entr(x, y), x=x, y=y)
    for _ in range(10):
        x, y = np.exp(rng.normal(0, 20, size=2))
        add("rel_entr", "scipy.special.rel_entr", special.rel_entr(x, y), x=x, y=y)


def line():
    for i in range(16):
        n, m = rng.integers(1, 14, size=2)
        x, y = points(n, 1)[:, 0], points(m, 1, 2.0, 0.5)[:, 0]
        wx, wy = weights(n), weights(m)
        both = {"x": x, "y": y, "wx": wx, "wy": wy}
        w1 = stats.wasserstein_distance(x, y, wx, wy)
        add("wasserstein_1d", "scipy.stats.wasserstein_distance", w1, order=1.0, **both)
        add("energy_distance_1d", "scipy.stats.energy_distance", stats.energy_distance(x, y, wx, wy), 1e-10, **both)
        for order in (2, 3):
            value = ot.wasserstein_1d(x, y, wx / wx.sum(), wy / wy.sum(), p=order)
            add("wasserstein_1d_power", "ot.wasserstein_1d", value, 1e-10, order=float(order), **both)


def exact():
    for _ in range(8):
        n, m, d = int(rng.integers(2, 9)), int(rng.integers(2, 9)), int(rng.integers(2, 4))
        x, y, wx, wy = points(n, d), points(m, d, 1.5, 0.5), weights(n), weights(m)
        both = {"x": x, "y": y, "wx": wx, "wy": wy}
        value = stats.wasserstein_distance_nd(x, y, wx, wy)
        add("wasserstein_weighted", "scipy.stats.wasserstein_distance_nd", value, 1e-8, order=1.0, **both)
        value = ot.emd2(wx / wx.sum(), wy / wy.sum(), ot.dist(x, y))
        add("wasserstein_weighted", "ot.emd2", np.sqrt(value), 1e-9, order=2.0, **both)
    for _ in range(8):
        n, d = int(rng.integers(3, 30)), int(rng.integers(1, 5))
        x, y = points(n, d), points(n, d, 1.0, 0.3)
        cost = spatial.distance.cdist(x, y)
        rows, columns = optimize.linear_sum_assignment(cost)
        value = cost[rows, columns].mean()
        add("wasserstein_matched", "scipy.optimize.linear_sum_assignment", value, order=1.0, x=x, y=y)
    for _ in range(6):
        n = int(rng.integers(2, 12))
        cost = np.round(rng.normal(size=(n, n)), 4)
        rows, columns = optimize.linear_sum_assignment(cost)
        add("assign", "scipy.optimize.linear_sum_assignment", cost[rows, columns].sum(), cost=cost)


def sinkhorn():
    def sharp(a, b, cost, epsilon):
        value, log = ot.sinkhorn2(a, b, cost, epsilon, method="sinkhorn_log", stopThr=1e-14,
                                  numItermax=200_000, log=True)
        assert log["err"][-1] < 1e-13, "POT did not converge"
        return value

    for epsilon in (1.0, 2.0, 5.0):
        for _ in range(4):
            n, m = int(rng.integers(3, 8)), int(rng.integers(3, 8))
            x, y = points(n, 2), points(m, 2, 1.0, 0.5)
            a, b = np.full(n, 1 / n), np.full(m, 1 / m)
            value = sharp(a, b, ot.dist(x, y), epsilon)
            inputs = {"epsilon": epsilon, "x": x, "y": y}
            add("sinkhorn_sharp", "ot.sinkhorn2 (sinkhorn_log)", value, 1e-9, **inputs)
            value -= 0.5 * (sharp(a, a, ot.dist(x, x), epsilon) + sharp(b, b, ot.dist(y, y), epsilon))
            add("sinkhorn_debiased_sharp", "ot.sinkhorn2 (sinkhorn_log), three times", value, 1e-9, **inputs)


def gaussians():
    for _ in range(12):
        d = int(rng.integers(1, 6))
        a, b = rng.normal(size=(d, d)), rng.normal(size=(d, d))
        s, t = np.round(a @ a.T + 0.2 * np.eye(d), 4), np.round(b @ b.T + 0.2 * np.eye(d), 4)
        mu, nu = np.round(rng.normal(size=d), 4), np.round(rng.normal(size=d), 4)
        normal = torch.distributions.MultivariateNormal
        p, q = (normal(torch.tensor(m), torch.tensor(c)) for m, c in ((mu, s), (nu, t)))
        both = {"mean_p": mu, "cov_p": s, "mean_q": nu, "cov_q": t}
        value = torch.distributions.kl_divergence(p, q).item()
        add("gaussian_kl", "torch.distributions.kl_divergence", value, 1e-10, **both)
        value = ot.gaussian.bures_wasserstein_distance(mu, nu, s, t)
        add("gaussian_wasserstein_2", "ot.gaussian.bures_wasserstein_distance", value, 1e-7, **both)
        stat = [{"mu": m, "sigma": c} for m, c in ((mu, s), (nu, t))]
        value = metric_fid.fid_statistics_to_metric(*stat, False)["frechet_inception_distance"]
        add("frechet_from_moments", "torch_fidelity.metric_fid", value, 1e-9, **both)
        x = points(1, d)[0]
        value = stats.multivariate_normal(mu, s).logpdf(x)
        add("ln_pdf", "scipy.stats.multivariate_normal", value, 1e-10, x=x, **both)


def features():
    for _ in range(12):
        n, d = int(rng.integers(6, 15)), int(rng.integers(1, 4))
        real, fake = points(n, d), points(n, d, 1.2, 0.3)
        both = {"real": real, "fake": fake}
        for k in (1, 3):
            scores = prdc.compute_prdc(real, fake, k)
            for key in ("precision", "recall", "density", "coverage"):
                add(key, "prdc.compute_prdc", scores[key], k=k, comparison="<", **both)
            precision, recall = metric_prc.calculate_precision_recall_full(
                torch.tensor(fake), torch.tensor(real), k)
            for key, value in (("precision", precision), ("recall", recall)):
                add(key, "torch_fidelity.metric_prc", value, 1e-6, k=k, comparison="<=", **both)
        for kind in ("biased", "unbiased", "u-statistic"):
            kernels = [metric_kid.kernel_poly(a, b, kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None,
                                              kid_kernel_poly_coef0=1)
                       for a, b in ((real, real), (real, fake), (fake, fake))]
            add("mmd_poly", "torch_fidelity.metric_kid.mmd2", metric_kid.mmd2(*kernels, mmd_est=kind),
                1e-10, kind=kind, **both)
            kernels = [np.exp(-spatial.distance.cdist(a, b, "sqeuclidean") / (2 * 0.8**2))
                       for a, b in ((real, real), (real, fake), (fake, fake))]
            add("mmd_rbf", "torch_fidelity.metric_kid.mmd2", metric_kid.mmd2(*kernels, mmd_est=kind),
                1e-11, kind=kind, bandwidth=0.8, **both)
        stat = [metric_fid.fid_features_to_statistics(torch.tensor(z)) for z in (real, fake)] if d > 1 else None
        if stat:
            value = metric_fid.fid_statistics_to_metric(*stat, False)["frechet_inception_distance"]
            add("frechet_distance", "torch_fidelity.metric_fid", value, 1e-8, **both)


def classifier():
    for splits in (1, 2, 3):
        for _ in range(4):
            logits = points(int(rng.integers(6, 14)), int(rng.integers(2, 6)), 3.0)
            found = metric_isc.isc_features_to_metric(torch.tensor(logits), splits, shuffle=False)
            inputs = {"splits": splits, "logits": logits}
            add("classifier_score", "torch_fidelity.metric_isc", found["inception_score_mean"], **inputs)
            add("classifier_score_deviation", "torch_fidelity.metric_isc", found["inception_score_std"],
                1e-11, **inputs)


def copies():
    # A generator of its own, so that the cases before stay as they are.
    own = np.random.default_rng(20261127)

    def draw(n, d, scale=1.0, shift=0.0):
        return np.round(own.normal(shift, scale, size=(n, d)), 3)

    def nearest(queries, train):
        return neighbors.NearestNeighbors(n_neighbors=1, algorithm="kd_tree").fit(train).kneighbors(queries)

    def z_score(fake, train, test):
        ours, theirs = nearest(fake, train)[0][:, 0], nearest(test, train)[0][:, 0]
        u = stats.mannwhitneyu(ours, theirs).statistic
        n, m = len(ours), len(theirs)
        return (u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)

    for d in (1, 2, 3, 7):
        train, fake = draw(20, d), draw(15, d, 0.8, 0.2)
        distance, index = nearest(fake, train)
        radius = neighbors.NearestNeighbors(n_neighbors=1).fit(train).kneighbors()[0][:, 0]
        share = np.mean(distance[:, 0] > radius[index[:, 0]])
        add("authenticity", "sklearn.neighbors.NearestNeighbors", share, fake=fake, train=train)
        for radius in (0.3, 1.0):
            tree = spatial.cKDTree(train)
            pairs = tree.query_pairs(radius, output_type="ndarray")
            inputs = {"points": train, "radius": radius}
            add("duplicate_pairs", "scipy.spatial.cKDTree.query_pairs", len(pairs), **inputs)
            add("duplicate_share", "scipy.spatial.cKDTree.query_pairs", len(np.unique(pairs)) / 20, **inputs)

    for d, scale in ((1, 1.0), (2, 0.5), (2, 0.9), (3, 1.4), (6, 1.0)):
        train, test, fake = draw(30, d), draw(24, d), draw(26, d, scale)
        if scale < 0.9 or d == 1:
            # Eighths have exact squares, so ties are ties in any formula.
            train, test, fake = (np.round(x * 8) / 8 for x in (train, test, fake))
        value = z_score(fake, train, test)
        add("data_copying", "scipy.stats.mannwhitneyu", value, cells=1, fake=fake, train=train, test=test)

    for d in (2, 6):
        centers = 12 * np.eye(3, d)
        train, test, fake = (np.concatenate([draw(n, d, scale) + c for n, c in zip(counts, centers)])
                             for counts, scale in (((20, 24, 22), 1.0), ((14, 9, 17), 1.0), ((21, 24, 19), 0.8)))
        train, test, fake = (np.round(x, 3) for x in (train, test, fake))
        means = cluster.KMeans(3, n_init=10, random_state=0).fit(train)
        labels = [means.predict(x) for x in (fake, train, test)]
        kept = [c for c in range(3) if np.sum(labels[0] == c) >= 20]
        scores = [z_score(*(x[cell == c] for x, cell in zip((fake, train, test), labels))) for c in kept]
        value = np.average(scores, weights=[np.sum(labels[2] == c) for c in kept])
        add("data_copying", "sklearn.cluster.KMeans, scipy.stats.mannwhitneyu", value, cells=3,
            fake=fake, train=train, test=test)

    def frechet(mean, covariance, x):
        cross = linalg.sqrtm(covariance @ np.cov(x.T)).real
        return np.sum((mean - x.mean(0)) ** 2) + np.trace(covariance) + np.trace(np.cov(x.T)) - 2 * np.trace(cross)

    for m, d in ((30, 2), (47, 3), (41, 2)):
        a = own.normal(size=(d, d))
        mean, covariance = draw(1, d)[0], np.round(a @ a.T + 0.2 * np.eye(d), 4)
        fake = draw(m, d, 1.2, 0.1)
        left = np.array([frechet(mean, covariance, fake[np.arange(m) % 10 != g]) for g in range(10)])
        inputs = {"mean": mean, "covariance": covariance, "fake": fake}
        add("frechet_to_moments", "scipy.linalg.sqrtm", frechet(mean, covariance, fake), 1e-9, **inputs)
        add("frechet_jackknife", "scipy.linalg.sqrtm", np.sqrt(9 * left.var()), 1e-9, **inputs)


for section in (discrete, elementwise, line, exact, sinkhorn, gaussians, features, classifier, copies):
    section()
names = ("numpy", "scipy", "scikit-learn", "POT", "prdc", "torch", "torch_fidelity")
versions = {"python": platform.python_version()} | {name: version(name) for name in names}
with open("cases.json", "w") as file:
    lines = ",\n".join(json.dumps(case) for case in cases)
    file.write('{"versions": ' + json.dumps(versions) + ',\n"cases": [\n' + lines + "\n]}\n")
print(len(cases), "cases")
