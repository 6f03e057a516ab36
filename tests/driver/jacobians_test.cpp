// Bundle adjustment: the compressed Jacobian of samples/gradbench/ba.grad against one worked out by hand,
// with a camera that is turned and one that is not. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

using Json = nlohmann::json;
using Three = std::array<double, 3>;

Three cross(const Three& a, const Three& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double dot(const Three& a, const Three& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Three unit(int k) { return {k == 0 ? 1.0 : 0.0, k == 1 ? 1.0 : 0.0, k == 2 ? 1.0 : 0.0}; }

// R(r)·Y and its derivative along dr, dY. Rodrigues' formula; at r = 0 its first two terms.
std::pair<Three, Three> rotated(const Three& r, const Three& y, const Three& dr, const Three& dy) {
  Three z{}, dz{};
  const double s = dot(r, r);
  if (s == 0) {
    const Three a = cross(r, y), b = cross(dr, y), c = cross(r, dy);
    for (std::size_t k = 0; k < 3; ++k) z[k] = y[k] + a[k], dz[k] = dy[k] + b[k] + c[k];
    return {z, dz};
  }
  const double th = std::sqrt(s), dth = dot(r, dr) / th, sn = std::sin(th), cs = std::cos(th);
  Three u{}, du{};
  for (std::size_t k = 0; k < 3; ++k) u[k] = r[k] / th, du[k] = (dr[k] - u[k] * dth) / th;
  const double g = dot(u, y), dg = dot(du, y) + dot(u, dy);
  const Three a = cross(u, y), b = cross(du, y), c = cross(u, dy);
  for (std::size_t k = 0; k < 3; ++k) {
    z[k] = y[k] * cs + a[k] * sn + u[k] * g * (1 - cs);
    dz[k] = dy[k] * cs - y[k] * sn * dth + (b[k] + c[k]) * sn + a[k] * cs * dth +
            (du[k] * g + u[k] * dg) * (1 - cs) + u[k] * g * sn * dth;
  }
  return {z, dz};
}

// The derivative of residual b along a direction of camera (11), point (3) and weight.
double along(const Json& cam, const Json& point, double w, double feat, std::size_t b,
             const std::array<double, 11>& dcam, const Three& dpoint, double dw) {
  const auto three = [](const Json& from, std::size_t first) {
    return Three{from[first].get<double>(), from[first + 1].get<double>(), from[first + 2].get<double>()};
  };
  Three y = three(point, 0), dy = dpoint;
  for (std::size_t k = 0; k < 3; ++k) y[k] -= cam[3 + k].get<double>(), dy[k] -= dcam[3 + k];
  const auto [z, dz] = rotated(three(cam, 0), y, {dcam[0], dcam[1], dcam[2]}, dy);
  double p[2], dp[2];
  for (std::size_t k = 0; k < 2; ++k) p[k] = z[k] / z[2], dp[k] = (dz[k] - p[k] * dz[2]) / z[2];
  const double rho = p[0] * p[0] + p[1] * p[1], drho = 2 * (p[0] * dp[0] + p[1] * dp[1]);
  const double f = cam[6], k1 = cam[9], k2 = cam[10];
  const double L = 1 + k1 * rho + k2 * rho * rho;
  const double dL = dcam[9] * rho + dcam[10] * rho * rho + (k1 + 2 * k2 * rho) * drho;
  const double e = f * L * p[b] + cam[7 + b].get<double>() - feat;
  return dw * e + w * (dcam[6] * L * p[b] + f * (dL * p[b] + L * dp[b]) + dcam[7 + b]);
}

TEST_F(Command, DerivesBundleAdjustment) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  const auto draw = [&](std::size_t rows, std::size_t columns) {
    Json array = Json::array();
    for (std::size_t r = 0; r < rows; ++r) {
      array.push_back(Json::array());
      for (std::size_t c = 0; c < columns; ++c) array[r].push_back(normal(random));
    }
    return array;
  };
  Json cams = draw(2, 11), points = draw(3, 3), w = draw(1, 5)[0], feat = draw(5, 2);
  for (std::size_t k = 0; k < 3; ++k) cams[1][k] = 0;
  const std::vector<std::size_t> cam{0, 1, 1, 0, 1}, pt{2, 0, 1, 1, 2};
  const std::string set = " --set cams=" + cams.dump() + " --set X=" + points.dump() +
                          " --set w=" + w.dump() + " --set feat=" + feat.dump() +
                          " --set cam=[0,1,1,0,1] --set pt=[2,0,1,1,2]";
  const Outcome outcome = gradc("eval samples/gradbench/ba.grad --of Jc,JX,Jw,Jz --order 0 --json" + set);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json made = Json::parse(outcome.out);
  const auto expect = [&](double got, double want) { EXPECT_NEAR(got, want, 1e-11 * (1 + std::abs(want))); };
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(made["Jz"]["value"][i].get<double>(), -2 * w[i].get<double>());
    for (std::size_t b = 0; b < 2; ++b) {
      const auto entry = [&](const std::array<double, 11>& dcam, const Three& dpoint, double dw) {
        return along(cams[cam[i]], points[pt[i]], w[i], feat[i][b], b, dcam, dpoint, dw);
      };
      for (std::size_t v = 0; v < 11; ++v) {
        std::array<double, 11> one{};
        one[v] = 1;
        expect(made["Jc"]["value"][i][b][v], entry(one, {}, 0));
      }
      for (int a = 0; a < 3; ++a)
        expect(made["JX"]["value"][i][b][static_cast<std::size_t>(a)], entry({}, unit(a), 0));
      expect(made["Jw"]["value"][i][b], entry({}, {}, 1));
    }
  }
  // The same as compressed sparse rows: 2·5 rows, 11 columns of a camera less the other principal point.
  const Outcome sparse = gradc("eval samples/gradbench/ba.grad --of e --wrt cams --sparse" + set);
  ASSERT_EQ(sparse.status, 0) << sparse.err;
  const Json rows = Json::parse(sparse.out)["e"]["gradient"]["cams"];
  EXPECT_EQ(rows["shape"], Json({10, 22}));
  for (std::size_t r = 0; r < 10; ++r) {
    EXPECT_EQ(rows["rows"][r + 1].get<int>() - rows["rows"][r].get<int>(), 10);
    for (std::size_t k = rows["rows"][r]; k < rows["rows"][r + 1].get<std::size_t>(); ++k) {
      const std::size_t column = rows["cols"][k].get<std::size_t>() - 11 * cam[r / 2];
      expect(rows["vals"][k], made["Jc"]["value"][r / 2][r % 2][column]);
    }
  }
}

TEST_F(Command, SparseRowsAreTheDenseOnes) {
  write("mixed.grad",
        "dim N = 4, K = 2\nconst x[N] = [1, 2, 3, 4], w[K] = [1, 1/2]\nconst y[N, K] = 1/2\n"
        "c[i] = sum(k) x[i + k]*w[k]\nrun[i in N] = sum(j in 0..i) x[j]*w[1]\n"
        "tail[i in N] = sum(j in i..3) x[j]*y[j, 0]\n"
        "z[i] = exp(c[i])*x[i + 0] + (if x[i + 0] > 2 then x[i + 1] else w[0])\n"
        "q[i, k] = y[i, k]^2*run[i]\nE = sum(i) z[i]^2 + sum(i in 0..3) tail[i]^3\n");
  for (const std::string of : {"z", "q", "run", "tail", "c"}) {
    const Json dense =
        Json::parse(gradc("eval mixed.grad --json --wrt x,w,y --of " + of).out)[of]["gradient"];
    const Outcome outcome = gradc("eval mixed.grad --sparse --wrt x,w,y --of " + of);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Json sparse = Json::parse(outcome.out)[of]["gradient"];
    for (const std::string wrt : {"x", "w", "y"}) {
      const std::vector<Json> flat = [&] {
        std::vector<Json> list;
        const Json numbers = dense[wrt].flatten();
        for (const auto& [path, value] : numbers.items()) list.push_back(value);
        return list;
      }();
      const Json& m = sparse[wrt];
      const std::size_t rows = m["shape"][0], width = m["shape"][1];
      std::vector<double> got(rows * width, 0);
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t k = m["rows"][r]; k < m["rows"][r + 1].get<std::size_t>(); ++k)
          got[r * width + m["cols"][k].get<std::size_t>()] = m["vals"][k];
      ASSERT_EQ(flat.size(), got.size()) << of << " by " << wrt;
      for (std::size_t k = 0; k < got.size(); ++k)
        EXPECT_NEAR(got[k], flat[k].get<double>(), 1e-10 * (1 + std::abs(got[k])))
            << of << " by " << wrt << " " << k;
    }
  }
  EXPECT_NE(gradc("eval mixed.grad --sparse --of z --wrt x --order 2").status, 0);
  EXPECT_NE(gradc("eval mixed.grad --sparse --of z --wrt x --mode forward").status, 0);
  const Json H =
      Json::parse(gradc("eval mixed.grad --sparse --of E --wrt x,w --order 2").out)["E"]["hessian"];
  EXPECT_EQ(H["x"]["w"]["shape"], Json({4, 2}));
  EXPECT_EQ(H["w"]["x"]["shape"], Json({2, 4}));
}

TEST_F(Command, ModesGiveTheSameNumbers) {
  for (const std::string options : {"--of a --wrt w,x", "--of E --wrt w,x --order 2"}) {
    write("modes.grad",
          "dim N = 3, D = 2\nconst x[N, D] = [[1, 2], [3, 4], [1/2, 1]], w[D] = [1, -1]\n"
          "a[n] = sum(d) x[n, d]*w[d]\nE = sum(n) a[n]^2\n");
    const Outcome forward = gradc("eval modes.grad --mode forward " + options),
                  reverse = gradc("eval modes.grad --mode reverse " + options);
    EXPECT_EQ(forward.status, 0) << forward.err;
    EXPECT_EQ(forward.out, reverse.out);
    EXPECT_EQ(gradc("verify modes.grad --mode forward " + options).status, 0);
  }
  expect_refused(gradc("eval modes.grad --mode sideways"), 2, "sideways");
}

// The gradient by what observations gather from does not go through the observations for each element.
TEST_F(Command, ScattersInOnePass) {
  write("gather.grad",
        "dim N, P, Q = 11, A = 3, U = 2\nconst cams[N, Q], x[P, A]\nconst cam[P] in N\n"
        "r[i, a in A] = cams[cam[i], a + 0]\n"
        "e[i, b in U] = sum(a) r[i, a]*x[i, a]*cams[cam[i], b + 5] + cams[cam[i], 9]\n"
        "E = sum(i, b) e[i, b]^2\n");
  const std::string kernels = gradc("eval gather.grad --wrt cams --dump=kernels").out;
  // What is scattered is computed and added in loops over P side by side, and never once for each element.
  std::ptrdiff_t any = 0, outermost = 0;
  for (std::size_t begin = kernels.find("\nkernel "); begin != std::string::npos;) {
    const std::size_t end = kernels.find("\nkernel ", begin + 1);
    const std::string kernel = kernels.substr(begin, end - begin);
    const auto count = [&](const std::string& loop) {
      const std::regex of(loop);
      return std::distance(std::sregex_iterator(kernel.begin(), kernel.end(), of), std::sregex_iterator());
    };
    if (std::smatch size; std::regex_search(kernel, size, std::regex("(v[0-9]+): i64 = size P"))) {
      const std::string loop = "for v[0-9]+ in v[0-9]+ \\.\\. " + size[1].str() + "\\b";
      any += count(loop), outermost += count("\n  " + loop);
    }
    begin = end;
  }
  EXPECT_GT(any, 0) << kernels;
  EXPECT_LE(any, 2) << kernels;
  EXPECT_EQ(any, outermost) << kernels;
  EXPECT_EQ(gradc("verify gather.grad --dim N=3 --dim P=5").status, 0);
}

// A state moves with those before it, in both modes: h[T] = (h[0]^2 + x[0])^2 + x[1].
TEST_F(Command, DifferentiatesByStatesOfRecurrences) {
  write("states.grad",
        "dim T = 2\ninput x[T]\nh[0] = 1\nh[t + 1] = h[t]^2 + x[t]\nE = h[T]\n"
        "f = diff(E, h, mode = forward)\nr = diff(E, h, mode = reverse)\nj = jvp(E, h, h)\n"
        "k[t] = diff(h[t], h[1])\nH = hessian(E, h)\nc = diff(E, h[0], h[0])\n");
  EXPECT_EQ(gradc("eval states.grad --set x=[1,1] --order 0 --of f,r,j,k,H,c").out,
            "f = [8, 4, 1]\nr = [8, 4, 1]\nj = 21\nk = [0, 1, 4]\n"
            "H = [[16, 4, 0],\n     [4, 2, 0],\n     [0, 0, 0]]\nc = 16\n");
  for (const char* mode : {"forward", "reverse"})
    EXPECT_EQ(gradc(std::string("eval states.grad --set x=[1,1] --wrt h --of E --mode ") + mode).out,
              "E = 5\ndE/dh = [8, 4, 1]\n");
}

// An iterate in an iterate keeps the states of one run, not those of one for each step around it.
TEST_F(Command, KeepsOneRunOfAnInnerIterate) {
  for (const std::string name : {"saddle", "particle"}) {
    const std::string kernels =
        gradc("eval samples/gradbench/" + name + ".grad --order 0 --dump=kernels").out;
    EXPECT_TRUE(std::regex_search(kernels, std::regex("\\[1000[01](, 2)?\\]"))) << name;
    EXPECT_FALSE(std::regex_search(kernels, std::regex("\\[1000[01], 1000[01]"))) << name;
  }
}

// Loops over the steps of an iterate end with the last step, and backwards they begin there: none goes
// through all that the limit allows.
TEST_F(Command, RunsNoMoreStepsThanAreTaken) {
  write("root.grad",
        "param a init 2\nr = iterate s = a to (s + a/s)/2 until abs(s - prev(s)) < 1e-12 at most 1000000\n"
        "minimize E = r^2\n");
  const std::string kernels = gradc("eval root.grad --dump=kernels").out;
  const std::regex loop("\n  for v\\d+ in (v\\d+) \\.\\. v\\d+\\b((?:\n    .*)*)(\n  stop after)?");
  std::smatch zero;
  ASSERT_TRUE(std::regex_search(kernels, zero, std::regex("(v\\d+): i64 = 0\n")));
  int loops = 0;
  for (std::sregex_iterator at(kernels.begin(), kernels.end(), loop), end; at != end; ++at, ++loops)
    EXPECT_TRUE((*at)[1] != zero[1] || (*at)[3].matched) << at->str();
  EXPECT_GE(loops, 3) << kernels;
}

// A model that asks for more memory than there is gets a message, and no crash.
TEST_F(Command, SaysHowMuchMemoryIsMissing) {
  write("large.grad",
        "dim T = 400000, H = 1000000\nparam w init 1\nh[0, i in H] = w*i\nh[t + 1, i] = sin(w*h[t, i]) for t "
        "in T\n"
        "minimize E = sum(i) h[T, i]\n");
  expect_refused(gradc("eval large.grad --set w=1"), 1, "and the machine has");
}

TEST_F(Command, VerifiesJacobiansOfSamples) {
  for (const std::string what : {"15_jacobian.grad --of pull,step,curvature,force",
                                 "gradbench/ba.grad --dim N=2 --dim M=3 --dim P=4 --of Jc,JX,Jw,Jz",
                                 "gradbench/kmeans.grad --dim N=7 --dim K=3 --dim D=2 --of dir --wrt C"}) {
    const Outcome outcome = gradc("verify samples/" + what);
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  }
}

}  // namespace
}  // namespace gradc::test
