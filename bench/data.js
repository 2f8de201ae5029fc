window.BENCHMARK_DATA = {
  "lastUpdate": 1795301259556,
  "repoUrl": "",
  "entries": {
    "core race": [
      {
        "commit": {
          "author": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "committer": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "id": "8b53e510203422716fa3680a577e4ff208d63d32",
          "message": "Define Phoenix's messages once for both who stand in for it",
          "timestamp": "2026-11-21T21:57:05Z",
          "url": ""
        },
        "date": 1795300610982,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, 1 thread / aether",
            "value": 598.8,
            "range": "\u00b1 9.7572",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 601.7\npeak MB: 3.2\nread bytes: 0\ntarget: 713.353 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: zlob 28,672 bytes, fd 4,096 bytes, bfs 4,096 bytes, dua 8,192 bytes, gdu 49,152 bytes, os.scandir 45,056 bytes"
          },
          {
            "name": "real, metadata, 1 thread / floor",
            "value": 570.68,
            "range": "\u00b1 8.2247",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.962 [0.947, 0.964]\ncpu ms: 569.5\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / zlob",
            "value": 581.07,
            "range": "\u00b1 12.866",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.970 [0.967, 1.002] (cannot tell)\ncpu ms: 580.8\npeak MB: 5.5\nread bytes: 28672"
          },
          {
            "name": "real, metadata, 1 thread / ignore",
            "value": 971.24,
            "range": "\u00b1 3.6989",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.627 [1.610, 1.671]\ncpu ms: 971.0\npeak MB: 13.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / jwalk",
            "value": 964.9,
            "range": "\u00b1 13.078",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.633 [1.586, 1.639]\ncpu ms: 964.4\npeak MB: 10.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / walkdir",
            "value": 907.83,
            "range": "\u00b1 7.1734",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.516 [1.500, 1.528]\ncpu ms: 907.5\npeak MB: 3.2\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / find",
            "value": 921.37,
            "range": "\u00b1 17.312",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.542 [1.529, 1.588]\ncpu ms: 921.0\npeak MB: 8.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / fd",
            "value": 1506.5,
            "range": "\u00b1 24.994",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.546 [2.475, 2.610]\ncpu ms: 2462.4\npeak MB: 16.0\nread bytes: 4096"
          },
          {
            "name": "real, metadata, 1 thread / bfs",
            "value": 907.35,
            "range": "\u00b1 10.534",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.515 [1.495, 1.563]\ncpu ms: 900.8\npeak MB: 3.6\nread bytes: 4096"
          },
          {
            "name": "real, metadata, 1 thread / dua",
            "value": 1528.2,
            "range": "\u00b1 62.384",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.560 [2.505, 2.642]\ncpu ms: 1791.8\npeak MB: 6.8\nread bytes: 8192"
          },
          {
            "name": "real, metadata, 1 thread / dust",
            "value": 1130.7,
            "range": "\u00b1 28.421",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.915 [1.881, 1.942]\ncpu ms: 1130.6\npeak MB: 72.4\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / gdu",
            "value": 1540.3,
            "range": "\u00b1 60.172",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.594 [2.519, 2.676]\ncpu ms: 1547.8\npeak MB: 252.8\nread bytes: 49152"
          },
          {
            "name": "real, metadata, 1 thread / os.scandir",
            "value": 1095.1,
            "range": "\u00b1 4.941",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.837 [1.802, 1.876]\ncpu ms: 1094.7\npeak MB: 7.8\nread bytes: 45056"
          },
          {
            "name": "real, metadata, 2 threads / aether",
            "value": 297.93,
            "range": "\u00b1 3.3161",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 590.9\npeak MB: 3.5\nread bytes: 192512\ntarget: 366.182 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 192,512 bytes, floor 4,096 bytes, zlob 4,096 bytes, fd 32,768 bytes, dua 8,192 bytes, dust 8,192 bytes, gdu 229,376 bytes"
          },
          {
            "name": "real, metadata, 2 threads / floor",
            "value": 292.95,
            "range": "\u00b1 5.7053",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.983 [0.950, 0.987]\ncpu ms: 566.4\npeak MB: 2.1\nread bytes: 4096"
          },
          {
            "name": "real, metadata, 2 threads / zlob",
            "value": 303.76,
            "range": "\u00b1 4.4556",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.020 [1.016, 1.028]\ncpu ms: 585.3\npeak MB: 7.6\nread bytes: 4096"
          },
          {
            "name": "real, metadata, 2 threads / ignore",
            "value": 489.84,
            "range": "\u00b1 9.045",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.628 [1.606, 1.645]\ncpu ms: 961.5\npeak MB: 17.2\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / jwalk",
            "value": 613.64,
            "range": "\u00b1 9.45",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.041 [1.993, 2.068]\ncpu ms: 1212.4\npeak MB: 19.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / fd",
            "value": 689.31,
            "range": "\u00b1 8.8051",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.310 [2.283, 2.362]\ncpu ms: 1323.1\npeak MB: 19.8\nread bytes: 32768"
          },
          {
            "name": "real, metadata, 2 threads / dua",
            "value": 1145.8,
            "range": "\u00b1 35.825",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.739 [3.709, 3.833]\ncpu ms: 1969.2\npeak MB: 7.1\nread bytes: 8192"
          },
          {
            "name": "real, metadata, 2 threads / dust",
            "value": 601.77,
            "range": "\u00b1 12.612",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.998 [1.979, 2.034]\ncpu ms: 1133.8\npeak MB: 72.9\nread bytes: 8192"
          },
          {
            "name": "real, metadata, 2 threads / gdu",
            "value": 834.93,
            "range": "\u00b1 23.459",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.726 [2.697, 2.835]\ncpu ms: 1583.0\npeak MB: 252.8\nread bytes: 229376"
          },
          {
            "name": "real, names, 1 thread / aether",
            "value": 248.3,
            "range": "\u00b1 0.95296",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 249.1\npeak MB: 3.2\nread bytes: 147456\ntarget: 289.145 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 147,456 bytes, floor 4,096 bytes, walkdir 32,768 bytes, find 4,096 bytes, fd 20,480 bytes, ripgrep 45,056 bytes, fdir 737,280 bytes, os.scandir 114,688 bytes"
          },
          {
            "name": "real, names, 1 thread / floor",
            "value": 231.32,
            "range": "\u00b1 0.92385",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.941 [0.927, 0.949]\ncpu ms: 230.5\npeak MB: 1.9\nread bytes: 4096"
          },
          {
            "name": "real, names, 1 thread / zlob",
            "value": 240.41,
            "range": "\u00b1 3.2966",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.968 [0.964, 1.011] (cannot tell)\ncpu ms: 240.0\npeak MB: 4.4\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ignore",
            "value": 372.3,
            "range": "\u00b1 3.1717",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.509 [1.481, 1.534]\ncpu ms: 372.1\npeak MB: 13.8\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / jwalk",
            "value": 354.12,
            "range": "\u00b1 4.3819",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.429 [1.409, 1.441]\ncpu ms: 353.9\npeak MB: 14.4\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / walkdir",
            "value": 315.65,
            "range": "\u00b1 2.8819",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.269 [1.264, 1.301]\ncpu ms: 315.4\npeak MB: 2.9\nread bytes: 32768"
          },
          {
            "name": "real, names, 1 thread / find",
            "value": 456.36,
            "range": "\u00b1 3.4396",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.849 [1.827, 1.925]\ncpu ms: 455.9\npeak MB: 8.1\nread bytes: 4096"
          },
          {
            "name": "real, names, 1 thread / fd",
            "value": 502.46,
            "range": "\u00b1 13.982",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.045 [1.975, 2.533]\ncpu ms: 743.1\npeak MB: 15.6\nread bytes: 20480"
          },
          {
            "name": "real, names, 1 thread / bfs",
            "value": 318.33,
            "range": "\u00b1 3.0397",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.269 [1.259, 1.295]\ncpu ms: 315.7\npeak MB: 3.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ripgrep",
            "value": 378.64,
            "range": "\u00b1 4.4566",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.520 [1.507, 1.570]\ncpu ms: 378.2\npeak MB: 5.0\nread bytes: 45056"
          },
          {
            "name": "real, names, 1 thread / fdir",
            "value": 546.29,
            "range": "\u00b1 9.38",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.190 [2.148, 2.245]\ncpu ms: 599.8\npeak MB: 110.9\nread bytes: 737280"
          },
          {
            "name": "real, names, 1 thread / os.scandir",
            "value": 363.72,
            "range": "\u00b1 4.2588",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.481 [1.453, 1.488]\ncpu ms: 363.2\npeak MB: 7.9\nread bytes: 114688"
          },
          {
            "name": "real, names, 2 threads / aether",
            "value": 127.61,
            "range": "\u00b1 1.7684",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 252.8\npeak MB: 3.5\nread bytes: 45056\ntarget: 158.084 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 45,056 bytes, jwalk 45,056 bytes, fd 28,672 bytes, ripgrep 118,784 bytes, fdir 2,015,232 bytes"
          },
          {
            "name": "real, names, 2 threads / floor",
            "value": 126.47,
            "range": "\u00b1 3.8528",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.982 [0.958, 0.995]\ncpu ms: 238.2\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / zlob",
            "value": 127.05,
            "range": "\u00b1 2.4073",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.992 [0.960, 1.029] (cannot tell)\ncpu ms: 248.5\npeak MB: 4.8\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / ignore",
            "value": 198.2,
            "range": "\u00b1 6.3778",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.562 [1.467, 1.670]\ncpu ms: 387.5\npeak MB: 17.1\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / jwalk",
            "value": 239.92,
            "range": "\u00b1 3.922",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.858 [1.823, 1.940]\ncpu ms: 468.6\npeak MB: 18.3\nread bytes: 45056"
          },
          {
            "name": "real, names, 2 threads / fd",
            "value": 253.88,
            "range": "\u00b1 9.309",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.940 [1.905, 2.204]\ncpu ms: 455.6\npeak MB: 18.7\nread bytes: 28672"
          },
          {
            "name": "real, names, 2 threads / ripgrep",
            "value": 324.88,
            "range": "\u00b1 2.0366",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.539 [2.463, 2.582]\ncpu ms: 607.8\npeak MB: 20.2\nread bytes: 118784"
          },
          {
            "name": "real, names, 2 threads / fdir",
            "value": 476.69,
            "range": "\u00b1 22.848",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.592 [3.571, 3.983]\ncpu ms: 767.1\npeak MB: 126.1\nread bytes: 2015232"
          },
          {
            "name": "wide-small, metadata, 1 thread / aether",
            "value": 146.68,
            "range": "\u00b1 1.7777",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 147.2\npeak MB: 2.9\nread bytes: 135168\ntarget: 181.169 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 135,168 bytes, find 4,096 bytes, fd 24,576 bytes, bfs 28,672 bytes, dua 12,288 bytes, dust 12,288 bytes, gdu 180,224 bytes, os.scandir 20,480 bytes"
          },
          {
            "name": "wide-small, metadata, 1 thread / floor",
            "value": 144.94,
            "range": "\u00b1 5.0393",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.961 [0.918, 1.029] (cannot tell)\ncpu ms: 144.7\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / zlob",
            "value": 143.69,
            "range": "\u00b1 3.0727",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.982 [0.944, 0.985]\ncpu ms: 143.2\npeak MB: 3.0\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / find",
            "value": 216.0,
            "range": "\u00b1 4.237",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.462 [1.389, 1.557]\ncpu ms: 215.7\npeak MB: 2.4\nread bytes: 4096"
          },
          {
            "name": "wide-small, metadata, 1 thread / fd",
            "value": 433.19,
            "range": "\u00b1 11.511",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.934 [2.867, 3.054]\ncpu ms: 793.2\npeak MB: 5.8\nread bytes: 24576"
          },
          {
            "name": "wide-small, metadata, 1 thread / bfs",
            "value": 234.43,
            "range": "\u00b1 5.2558",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.608 [1.465, 1.634]\ncpu ms: 234.1\npeak MB: 2.1\nread bytes: 28672"
          },
          {
            "name": "wide-small, metadata, 1 thread / dua",
            "value": 349.94,
            "range": "\u00b1 10.913",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.297 [2.213, 2.439]\ncpu ms: 377.0\npeak MB: 4.1\nread bytes: 12288"
          },
          {
            "name": "wide-small, metadata, 1 thread / dust",
            "value": 292.5,
            "range": "\u00b1 3.8818",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.960 [1.856, 2.061]\ncpu ms: 291.9\npeak MB: 22.1\nread bytes: 12288"
          },
          {
            "name": "wide-small, metadata, 1 thread / gdu",
            "value": 362.67,
            "range": "\u00b1 5.167",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.478 [2.415, 2.543]\ncpu ms: 364.5\npeak MB: 77.5\nread bytes: 180224"
          },
          {
            "name": "wide-small, metadata, 1 thread / os.scandir",
            "value": 291.08,
            "range": "\u00b1 4.23",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.984 [1.958, 2.024]\ncpu ms: 290.7\npeak MB: 7.7\nread bytes: 20480"
          },
          {
            "name": "wide-small, metadata, 2 threads / aether",
            "value": 76.809,
            "range": "\u00b1 3.4733",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 147.7\npeak MB: 3.1\nread bytes: 155648\ntarget: 99.1498 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 155,648 bytes, fd 12,288 bytes, dua 20,480 bytes, dust 28,672 bytes, gdu 28,672 bytes"
          },
          {
            "name": "wide-small, metadata, 2 threads / floor",
            "value": 79.32,
            "range": "\u00b1 0.56288",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.046 [0.976, 1.057] (cannot tell)\ncpu ms: 143.6\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / zlob",
            "value": 78.548,
            "range": "\u00b1 1.9542",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.030 [0.978, 1.046] (cannot tell)\ncpu ms: 146.3\npeak MB: 3.3\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / fd",
            "value": 225.8,
            "range": "\u00b1 4.2915",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.836 [2.786, 2.940]\ncpu ms: 440.3\npeak MB: 6.5\nread bytes: 12288"
          },
          {
            "name": "wide-small, metadata, 2 threads / dua",
            "value": 294.87,
            "range": "\u00b1 3.8429",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.687 [3.378, 3.839]\ncpu ms: 467.7\npeak MB: 4.1\nread bytes: 20480"
          },
          {
            "name": "wide-small, metadata, 2 threads / dust",
            "value": 152.7,
            "range": "\u00b1 2.6203",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.996 [1.882, 2.126]\ncpu ms: 287.8\npeak MB: 22.3\nread bytes: 28672"
          },
          {
            "name": "wide-small, metadata, 2 threads / gdu",
            "value": 208.01,
            "range": "\u00b1 7.3822",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.780 [2.521, 2.917]\ncpu ms: 367.7\npeak MB: 76.8\nread bytes: 28672"
          },
          {
            "name": "wide-small, names, 1 thread / aether",
            "value": 36.941,
            "range": "\u00b1 4.761",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 37.1\npeak MB: 2.9\nread bytes: 0\ntarget: 39.5642 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: find 4,096 bytes, fd 77,824 bytes, fdir 479,232 bytes\nwarning: too noisy to tell much: aether, find (MAD over 10% of the median)"
          },
          {
            "name": "wide-small, names, 1 thread / floor",
            "value": 31.651,
            "range": "\u00b1 1.7913",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.888 [0.823, 0.937]\ncpu ms: 30.8\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / zlob",
            "value": 33.171,
            "range": "\u00b1 0.69488",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.946 [0.893, 1.019] (cannot tell)\ncpu ms: 32.8\npeak MB: 3.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / find",
            "value": 51.625,
            "range": "\u00b1 5.603",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.416 [1.205, 1.504]\ncpu ms: 51.3\npeak MB: 2.4\nread bytes: 4096"
          },
          {
            "name": "wide-small, names, 1 thread / fd",
            "value": 124.31,
            "range": "\u00b1 10.596",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.242 [2.680, 3.948]\ncpu ms: 166.8\npeak MB: 5.4\nread bytes: 77824"
          },
          {
            "name": "wide-small, names, 1 thread / bfs",
            "value": 41.963,
            "range": "\u00b1 1.2906",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.213 [0.971, 1.334] (cannot tell)\ncpu ms: 41.7\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / ripgrep",
            "value": 51.836,
            "range": "\u00b1 1.3147",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.405 [1.271, 1.585]\ncpu ms: 51.5\npeak MB: 4.7\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fdir",
            "value": 160.82,
            "range": "\u00b1 7.135",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.587 [4.547, 4.866]\ncpu ms: 178.8\npeak MB: 63.2\nread bytes: 479232"
          },
          {
            "name": "wide-small, names, 1 thread / os.scandir",
            "value": 56.827,
            "range": "\u00b1 1.2597",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.637 [1.533, 1.766]\ncpu ms: 56.5\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / aether",
            "value": 17.349,
            "range": "\u00b1 0.1837",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 32.6\npeak MB: 3.0\nread bytes: 0\ntarget: 24.1226 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide-small, names, 2 threads / floor",
            "value": 19.298,
            "range": "\u00b1 0.89431",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.124 [1.082, 1.273]\ncpu ms: 30.5\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / zlob",
            "value": 19.247,
            "range": "\u00b1 0.97907",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.109 [1.030, 1.175]\ncpu ms: 32.9\npeak MB: 3.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fd",
            "value": 41.811,
            "range": "\u00b1 0.57702",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.425 [2.394, 2.443]\ncpu ms: 75.1\npeak MB: 6.2\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / ripgrep",
            "value": 46.242,
            "range": "\u00b1 1.0624",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.703 [2.535, 2.723]\ncpu ms: 80.9\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fdir",
            "value": 139.53,
            "range": "\u00b1 3.0982",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 8.166 [7.492, 8.212]\ncpu ms: 183.4\npeak MB: 70.2\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / aether",
            "value": 535.23,
            "range": "\u00b1 6.773",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 537.9\npeak MB: 3.0\nread bytes: 172032\ntarget: 669.3 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 172,032 bytes, floor 53,248 bytes, zlob 16,384 bytes, find 204,800 bytes, fd 49,152 bytes, bfs 61,440 bytes, dua 188,416 bytes, dust 53,248 bytes, gdu 389,120 bytes, os.scandir 126,976 bytes"
          },
          {
            "name": "flat, metadata, 1 thread / floor",
            "value": 535.44,
            "range": "\u00b1 14.107",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.005 [0.971, 1.037] (cannot tell)\ncpu ms: 534.6\npeak MB: 1.9\nread bytes: 53248"
          },
          {
            "name": "flat, metadata, 1 thread / zlob",
            "value": 565.03,
            "range": "\u00b1 11.717",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.053 [1.036, 1.056]\ncpu ms: 564.3\npeak MB: 31.8\nread bytes: 16384"
          },
          {
            "name": "flat, metadata, 1 thread / find",
            "value": 857.31,
            "range": "\u00b1 6.0338",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.598 [1.579, 1.606]\ncpu ms: 856.9\npeak MB: 31.3\nread bytes: 204800"
          },
          {
            "name": "flat, metadata, 1 thread / fd",
            "value": 1376.4,
            "range": "\u00b1 13.596",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.546 [2.533, 2.595]\ncpu ms: 2464.7\npeak MB: 123.5\nread bytes: 49152"
          },
          {
            "name": "flat, metadata, 1 thread / bfs",
            "value": 789.18,
            "range": "\u00b1 3.3934",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.462 [1.446, 1.502]\ncpu ms: 788.4\npeak MB: 2.0\nread bytes: 61440"
          },
          {
            "name": "flat, metadata, 1 thread / dua",
            "value": 2656.7,
            "range": "\u00b1 13.581",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.009 [4.966, 5.062]\ncpu ms: 2656.3\npeak MB: 225.3\nread bytes: 188416"
          },
          {
            "name": "flat, metadata, 1 thread / dust",
            "value": 1093.5,
            "range": "\u00b1 15.97",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.030 [2.004, 2.051]\ncpu ms: 1093.2\npeak MB: 72.3\nread bytes: 53248"
          },
          {
            "name": "flat, metadata, 1 thread / gdu",
            "value": 1269.1,
            "range": "\u00b1 21.25",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.389 [2.321, 2.433]\ncpu ms: 1301.2\npeak MB: 202.5\nread bytes: 389120"
          },
          {
            "name": "flat, metadata, 1 thread / os.scandir",
            "value": 930.24,
            "range": "\u00b1 3.632",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.716 [1.697, 1.777]\ncpu ms: 929.8\npeak MB: 7.7\nread bytes: 126976"
          },
          {
            "name": "flat, metadata, 2 threads / aether",
            "value": 298.88,
            "range": "\u00b1 4.0313",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 582.3\npeak MB: 3.1\nread bytes: 118784\ntarget: 359.603 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 118,784 bytes, floor 4,096 bytes, zlob 16,384 bytes, fd 53,248 bytes, dua 24,576 bytes, dust 24,576 bytes, gdu 77,824 bytes"
          },
          {
            "name": "flat, metadata, 2 threads / floor",
            "value": 287.68,
            "range": "\u00b1 8.5944",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.965 [0.938, 1.005] (cannot tell)\ncpu ms: 563.4\npeak MB: 2.1\nread bytes: 4096"
          },
          {
            "name": "flat, metadata, 2 threads / zlob",
            "value": 614.54,
            "range": "\u00b1 32.674",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.084 [2.059, 2.205]\ncpu ms: 613.7\npeak MB: 31.8\nread bytes: 16384"
          },
          {
            "name": "flat, metadata, 2 threads / fd",
            "value": 761.97,
            "range": "\u00b1 14.94",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.721 [2.506, 2.895]\ncpu ms: 1371.2\npeak MB: 108.4\nread bytes: 53248"
          },
          {
            "name": "flat, metadata, 2 threads / dua",
            "value": 2873.3,
            "range": "\u00b1 98.958",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 9.944 [9.452, 10.630]\ncpu ms: 2872.2\npeak MB: 225.3\nread bytes: 24576"
          },
          {
            "name": "flat, metadata, 2 threads / dust",
            "value": 914.75,
            "range": "\u00b1 58.722",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.061 [2.939, 3.321]\ncpu ms: 1286.8\npeak MB: 72.4\nread bytes: 24576"
          },
          {
            "name": "flat, metadata, 2 threads / gdu",
            "value": 1407.7,
            "range": "\u00b1 63.444",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.774 [4.688, 4.912]\ncpu ms: 1456.4\npeak MB: 202.7\nread bytes: 77824"
          },
          {
            "name": "flat, names, 1 thread / aether",
            "value": 85.591,
            "range": "\u00b1 0.63255",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 86.1\npeak MB: 2.9\nread bytes: 0\ntarget: 102.241 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, names, 1 thread / floor",
            "value": 81.793,
            "range": "\u00b1 0.72381",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.964 [0.942, 1.031] (cannot tell)\ncpu ms: 81.6\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / zlob",
            "value": 95.157,
            "range": "\u00b1 0.46645",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.112 [1.057, 1.124]\ncpu ms: 94.5\npeak MB: 11.1\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / find",
            "value": 258.11,
            "range": "\u00b1 7.4689",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.000 [2.835, 3.159]\ncpu ms: 257.8\npeak MB: 31.4\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fd",
            "value": 339.41,
            "range": "\u00b1 4.4392",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.933 [3.830, 4.032]\ncpu ms: 420.9\npeak MB: 127.1\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / bfs",
            "value": 110.87,
            "range": "\u00b1 0.39799",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.291 [1.249, 1.354]\ncpu ms: 110.5\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / ripgrep",
            "value": 138.74,
            "range": "\u00b1 6.4215",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.565 [1.538, 1.720]\ncpu ms: 138.4\npeak MB: 4.7\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fdir",
            "value": 453.0,
            "range": "\u00b1 15.292",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.118 [4.879, 5.443]\ncpu ms: 476.8\npeak MB: 151.3\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / os.scandir",
            "value": 135.57,
            "range": "\u00b1 0.68975",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.593 [1.584, 1.608]\ncpu ms: 135.3\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / aether",
            "value": 93.585,
            "range": "\u00b1 2.5215",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 97.2\npeak MB: 2.9\nread bytes: 0\ntarget: 103.767 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, names, 2 threads / floor",
            "value": 83.013,
            "range": "\u00b1 1.2806",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.910 [0.871, 0.927]\ncpu ms: 161.5\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / zlob",
            "value": 94.816,
            "range": "\u00b1 0.37024",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.025 [0.983, 1.045] (cannot tell)\ncpu ms: 94.3\npeak MB: 11.2\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fd",
            "value": 183.85,
            "range": "\u00b1 2.4567",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.036 [1.950, 2.617]\ncpu ms: 253.8\npeak MB: 44.4\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / ripgrep",
            "value": 207.4,
            "range": "\u00b1 11.132",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.227 [2.128, 2.638]\ncpu ms: 286.1\npeak MB: 48.6\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fdir",
            "value": 449.52,
            "range": "\u00b1 4.4013",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.756 [4.753, 4.979]\ncpu ms: 468.4\npeak MB: 154.4\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / aether",
            "value": 284.3,
            "range": "\u00b1 13.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 270.3\npeak MB: 3.4\nread bytes: 581632\ntarget: 279.138 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 581,632 bytes, floor 40,960 bytes, zlob 77,824 bytes, find 40,960 bytes, fd 172,032 bytes, bfs 352,256 bytes, dua 438,272 bytes, dust 663,552 bytes, gdu 921,600 bytes, os.scandir 397,312 bytes"
          },
          {
            "name": "deep, metadata, 1 thread / floor",
            "value": 223.31,
            "range": "\u00b1 4.5183",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.806 [0.770, 0.819]\ncpu ms: 222.5\npeak MB: 1.9\nread bytes: 40960"
          },
          {
            "name": "deep, metadata, 1 thread / zlob",
            "value": 219.98,
            "range": "\u00b1 2.8876",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.803 [0.738, 0.832]\ncpu ms: 219.7\npeak MB: 3.0\nread bytes: 77824"
          },
          {
            "name": "deep, metadata, 1 thread / find",
            "value": 486.78,
            "range": "\u00b1 8.4054",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.757 [1.679, 1.809]\ncpu ms: 486.5\npeak MB: 2.5\nread bytes: 40960"
          },
          {
            "name": "deep, metadata, 1 thread / fd",
            "value": 1210.8,
            "range": "\u00b1 51.202",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.231 [4.188, 4.336]\ncpu ms: 1491.2\npeak MB: 6.8\nread bytes: 172032"
          },
          {
            "name": "deep, metadata, 1 thread / bfs",
            "value": 387.55,
            "range": "\u00b1 14.329",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.389 [1.329, 1.443]\ncpu ms: 386.0\npeak MB: 5.2\nread bytes: 352256"
          },
          {
            "name": "deep, metadata, 1 thread / dua",
            "value": 29556.0,
            "range": "\u00b1 123.29",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 106.244 [101.789, 108.943]\ncpu ms: 29851.1\npeak MB: 7.3\nread bytes: 438272"
          },
          {
            "name": "deep, metadata, 1 thread / dust",
            "value": 1157.6,
            "range": "\u00b1 23.608",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.179 [3.905, 4.454]\ncpu ms: 1156.6\npeak MB: 44.3\nread bytes: 663552"
          },
          {
            "name": "deep, metadata, 1 thread / gdu",
            "value": 3627.5,
            "range": "\u00b1 158.56",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 12.786 [10.771, 13.286]\ncpu ms: 3628.0\npeak MB: 108.2\nread bytes: 921600"
          },
          {
            "name": "deep, metadata, 1 thread / os.scandir",
            "value": 1112.5,
            "range": "\u00b1 20.832",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.913 [3.865, 4.024]\ncpu ms: 1111.8\npeak MB: 7.7\nread bytes: 397312"
          },
          {
            "name": "deep, metadata, 2 threads / aether",
            "value": 150.67,
            "range": "\u00b1 4.2852",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 261.8\npeak MB: 3.7\nread bytes: 356352\ntarget: 150.262 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 356,352 bytes, floor 24,576 bytes, zlob 49,152 bytes, fd 102,400 bytes, dua 479,232 bytes, dust 131,072 bytes, gdu 462,848 bytes"
          },
          {
            "name": "deep, metadata, 2 threads / floor",
            "value": 120.21,
            "range": "\u00b1 6.7082",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.798 [0.736, 0.809]\ncpu ms: 224.2\npeak MB: 2.0\nread bytes: 24576"
          },
          {
            "name": "deep, metadata, 2 threads / zlob",
            "value": 136.61,
            "range": "\u00b1 6.1715",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.813 [0.787, 0.948]\ncpu ms: 254.8\npeak MB: 3.2\nread bytes: 49152"
          },
          {
            "name": "deep, metadata, 2 threads / fd",
            "value": 556.18,
            "range": "\u00b1 8.145",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.642 [3.295, 3.818]\ncpu ms: 1100.7\npeak MB: 7.6\nread bytes: 102400"
          },
          {
            "name": "deep, metadata, 2 threads / dua",
            "value": 15197.0,
            "range": "\u00b1 95.78",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 100.864 [89.832, 102.404]\ncpu ms: 29961.5\npeak MB: 7.8\nread bytes: 479232"
          },
          {
            "name": "deep, metadata, 2 threads / dust",
            "value": 614.73,
            "range": "\u00b1 13.065",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.999 [3.641, 4.179]\ncpu ms: 1176.8\npeak MB: 44.5\nread bytes: 131072"
          },
          {
            "name": "deep, metadata, 2 threads / gdu",
            "value": 1859.1,
            "range": "\u00b1 48.336",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 11.465 [11.299, 12.902]\ncpu ms: 3637.9\npeak MB: 108.6\nread bytes: 462848"
          },
          {
            "name": "deep, names, 1 thread / aether",
            "value": 201.8,
            "range": "\u00b1 6.8233",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 192.2\npeak MB: 3.3\nread bytes: 143360\ntarget: 194.009 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes, floor 40,960 bytes, zlob 4,096 bytes, fd 49,152 bytes, ripgrep 180,224 bytes, fdir 466,944 bytes, os.scandir 94,208 bytes"
          },
          {
            "name": "deep, names, 1 thread / floor",
            "value": 155.21,
            "range": "\u00b1 0.74544",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.770 [0.711, 0.775]\ncpu ms: 154.9\npeak MB: 1.9\nread bytes: 40960"
          },
          {
            "name": "deep, names, 1 thread / zlob",
            "value": 157.65,
            "range": "\u00b1 4.1558",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.787 [0.733, 0.829]\ncpu ms: 157.4\npeak MB: 3.0\nread bytes: 4096"
          },
          {
            "name": "deep, names, 1 thread / find",
            "value": 420.63,
            "range": "\u00b1 6.6305",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.094 [1.886, 2.177]\ncpu ms: 420.4\npeak MB: 2.5\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fd",
            "value": 591.06,
            "range": "\u00b1 9.4763",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.924 [2.833, 3.095]\ncpu ms: 834.0\npeak MB: 6.4\nread bytes: 49152"
          },
          {
            "name": "deep, names, 1 thread / bfs",
            "value": 248.17,
            "range": "\u00b1 6.9266",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.230 [1.150, 1.271]\ncpu ms: 247.1\npeak MB: 5.2\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / ripgrep",
            "value": 472.96,
            "range": "\u00b1 3.3021",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.329 [2.188, 2.379]\ncpu ms: 472.3\npeak MB: 5.2\nread bytes: 180224"
          },
          {
            "name": "deep, names, 1 thread / fdir",
            "value": 600.59,
            "range": "\u00b1 9.2928",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.938 [2.717, 3.064]\ncpu ms: 628.4\npeak MB: 75.8\nread bytes: 466944"
          },
          {
            "name": "deep, names, 1 thread / os.scandir",
            "value": 476.09,
            "range": "\u00b1 6.3162",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.359 [2.158, 2.391]\ncpu ms: 475.9\npeak MB: 7.6\nread bytes: 94208"
          },
          {
            "name": "deep, names, 2 threads / aether",
            "value": 113.37,
            "range": "\u00b1 5.4393",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 194.0\npeak MB: 3.7\nread bytes: 20480\ntarget: 107.492 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes, floor 4,096 bytes, fd 61,440 bytes, ripgrep 4,096 bytes, fdir 16,384 bytes"
          },
          {
            "name": "deep, names, 2 threads / floor",
            "value": 85.993,
            "range": "\u00b1 2.2753",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.756 [0.678, 0.785]\ncpu ms: 159.6\npeak MB: 2.0\nread bytes: 4096"
          },
          {
            "name": "deep, names, 2 threads / zlob",
            "value": 86.468,
            "range": "\u00b1 2.4421",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.772 [0.742, 0.779]\ncpu ms: 161.6\npeak MB: 3.2\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fd",
            "value": 271.66,
            "range": "\u00b1 4.2107",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.432 [2.122, 2.504]\ncpu ms: 513.2\npeak MB: 8.0\nread bytes: 61440"
          },
          {
            "name": "deep, names, 2 threads / ripgrep",
            "value": 288.27,
            "range": "\u00b1 3.012",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.549 [2.278, 2.627]\ncpu ms: 567.5\npeak MB: 7.0\nread bytes: 4096"
          },
          {
            "name": "deep, names, 2 threads / fdir",
            "value": 617.25,
            "range": "\u00b1 43.319",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.685 [5.125, 7.296]\ncpu ms: 1096.4\npeak MB: 71.8\nread bytes: 16384"
          }
        ]
      }
    ],
    "honest race": [
      {
        "commit": {
          "author": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "committer": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "id": "8b53e510203422716fa3680a577e4ff208d63d32",
          "message": "Define Phoenix's messages once for both who stand in for it",
          "timestamp": "2026-11-21T21:57:05Z",
          "url": ""
        },
        "date": 1795301176174,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, default flags / aether",
            "value": 308.65,
            "range": "\u00b1 4.9969",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 819.2\npeak MB: 44.9\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: Aether.Scanner.list 12,288 bytes, :prim_file, sequential 126,976 bytes, :prim_file, parallel 983,040 bytes, File, sequential 733,184 bytes, File, parallel 557,056 bytes, Port to find -printf 28,672 bytes\nwarning: too noisy to tell much: :prim_file, sequential (MAD over 10% of the median)"
          },
          {
            "name": "real, metadata, default flags / Aether.Scanner.list",
            "value": 554.35,
            "range": "\u00b1 33.344",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.722 [1.650, 1.811]\ncpu ms: 1116.3\npeak MB: 254.6\nread bytes: 12288\nvariant"
          },
          {
            "name": "real, metadata, default flags / :prim_file, sequential",
            "value": 4386.5,
            "range": "\u00b1 484.83",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 13.624 [12.788, 22.907]\ncpu ms: 7539.3\npeak MB: 311.4\nread bytes: 126976"
          },
          {
            "name": "real, metadata, default flags / :prim_file, parallel",
            "value": 2405.4,
            "range": "\u00b1 98.085",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 7.809 [7.304, 8.205]\ncpu ms: 4941.0\npeak MB: 264.7\nread bytes: 983040"
          },
          {
            "name": "real, metadata, default flags / File, sequential",
            "value": 5366.7,
            "range": "\u00b1 349.56",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 17.351 [16.255, 21.587]\ncpu ms: 8966.8\npeak MB: 302.6\nread bytes: 733184"
          },
          {
            "name": "real, metadata, default flags / File, parallel",
            "value": 4845.7,
            "range": "\u00b1 193.74",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 15.664 [14.339, 19.777]\ncpu ms: 8587.2\npeak MB: 256.7\nread bytes: 557056"
          },
          {
            "name": "real, metadata, default flags / Port to find -printf",
            "value": 1038.6,
            "range": "\u00b1 16.513",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.344 [3.289, 3.429]\ncpu ms: 927.4\npeak MB: 236.7\nread bytes: 28672"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / aether",
            "value": 1.46,
            "range": "\u00b1 0.23",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 819.2\npeak MB: 44.9\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: Aether.Scanner.list 12,288 bytes, :prim_file, sequential 126,976 bytes, :prim_file, parallel 983,040 bytes, File, sequential 733,184 bytes, File, parallel 557,056 bytes, Port to find -printf 28,672 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / Aether.Scanner.list",
            "value": 248.3,
            "range": "\u00b1 18.42",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 164.651 [100.526, 185.970]\ncpu ms: 1116.3\npeak MB: 254.6\nread bytes: 12288\nvariant"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / :prim_file, sequential",
            "value": 4109.8,
            "range": "\u00b1 368.32",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2626.858 [1470.988, 3231.448]\ncpu ms: 7539.3\npeak MB: 311.4\nread bytes: 126976"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / :prim_file, parallel",
            "value": 4421.0,
            "range": "\u00b1 280.57",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3013.041 [1676.287, 3324.903]\ncpu ms: 4941.0\npeak MB: 264.7\nread bytes: 983040"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / File, sequential",
            "value": 5062.1,
            "range": "\u00b1 355.3",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3512.552 [2301.939, 3853.623]\ncpu ms: 8966.8\npeak MB: 302.6\nread bytes: 733184"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / File, parallel",
            "value": 5478.6,
            "range": "\u00b1 155.07",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3972.821 [2157.190, 4364.281]\ncpu ms: 8587.2\npeak MB: 256.7\nread bytes: 557056"
          },
          {
            "name": "real, metadata, default flags, schedulers occupied / Port to find -printf",
            "value": 678.46,
            "range": "\u00b1 20.09",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 452.856 [341.279, 508.597]\ncpu ms: 927.4\npeak MB: 236.7\nread bytes: 28672"
          },
          {
            "name": "real, metadata, +sbwt none / aether",
            "value": 318.0,
            "range": "\u00b1 14.216",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 827.7\npeak MB: 44.9\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: Aether.Scanner.list 12,288 bytes, :prim_file, sequential 901,120 bytes, :prim_file, parallel 81,920 bytes, Port to find -printf 8,192 bytes"
          },
          {
            "name": "real, metadata, +sbwt none / Aether.Scanner.list",
            "value": 563.8,
            "range": "\u00b1 28.651",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.811 [1.589, 1.882]\ncpu ms: 1115.8\npeak MB: 259.9\nread bytes: 12288\nvariant"
          },
          {
            "name": "real, metadata, +sbwt none / :prim_file, sequential",
            "value": 18862.0,
            "range": "\u00b1 219.03",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 58.935 [56.534, 60.908]\ncpu ms: 15598.2\npeak MB: 306.0\nread bytes: 901120"
          },
          {
            "name": "real, metadata, +sbwt none / :prim_file, parallel",
            "value": 3122.9,
            "range": "\u00b1 180.35",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 9.360 [9.335, 10.360]\ncpu ms: 5895.8\npeak MB: 262.5\nread bytes: 81920"
          },
          {
            "name": "real, metadata, +sbwt none / Port to find -printf",
            "value": 1013.9,
            "range": "\u00b1 17.48",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.273 [3.058, 3.320]\ncpu ms: 874.4\npeak MB: 233.9\nread bytes: 8192"
          },
          {
            "name": "real, metadata, +sbwt none, schedulers occupied / aether",
            "value": 1.67,
            "range": "\u00b1 0.25",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 827.7\npeak MB: 44.9\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: Aether.Scanner.list 12,288 bytes, :prim_file, sequential 901,120 bytes, :prim_file, parallel 81,920 bytes, Port to find -printf 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, metadata, +sbwt none, schedulers occupied / Aether.Scanner.list",
            "value": 446.5,
            "range": "\u00b1 24.43",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 281.994 [240.462, 368.706]\ncpu ms: 1115.8\npeak MB: 259.9\nread bytes: 12288\nvariant"
          },
          {
            "name": "real, metadata, +sbwt none, schedulers occupied / :prim_file, sequential",
            "value": 8874.1,
            "range": "\u00b1 159.29",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5334.269 [4964.430, 7272.685]\ncpu ms: 15598.2\npeak MB: 306.0\nread bytes: 901120"
          },
          {
            "name": "real, metadata, +sbwt none, schedulers occupied / :prim_file, parallel",
            "value": 15826.0,
            "range": "\u00b1 608.69",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 11011.337 [8906.094, 12660.960]\ncpu ms: 5895.8\npeak MB: 262.5\nread bytes: 81920"
          },
          {
            "name": "real, metadata, +sbwt none, schedulers occupied / Port to find -printf",
            "value": 662.98,
            "range": "\u00b1 5.11",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 440.599 [364.825, 555.790]\ncpu ms: 874.4\npeak MB: 233.9\nread bytes: 8192"
          },
          {
            "name": "real, names, default flags / aether",
            "value": 134.47,
            "range": "\u00b1 4.0648",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 483.4\npeak MB: 44.9\nread bytes: 86016\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 86,016 bytes, Aether.Scanner.list 61,440 bytes, :prim_file, sequential 180,224 bytes, :prim_file, parallel 49,152 bytes, Port to fd 12,288 bytes\nwarning: too noisy to tell much: :prim_file, sequential (MAD over 10% of the median)"
          },
          {
            "name": "real, names, default flags / Aether.Scanner.list",
            "value": 341.96,
            "range": "\u00b1 1.3654",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.612 [2.429, 2.681]\ncpu ms: 726.3\npeak MB: 242.5\nread bytes: 61440\nvariant"
          },
          {
            "name": "real, names, default flags / :prim_file, sequential",
            "value": 4556.7,
            "range": "\u00b1 733.84",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 33.997 [31.615, 49.033]\ncpu ms: 7753.0\npeak MB: 317.7\nread bytes: 180224"
          },
          {
            "name": "real, names, default flags / :prim_file, parallel",
            "value": 2423.6,
            "range": "\u00b1 53.854",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 18.173 [17.165, 20.872]\ncpu ms: 4957.8\npeak MB: 239.3\nread bytes: 49152"
          },
          {
            "name": "real, names, default flags / Port to fd",
            "value": 411.8,
            "range": "\u00b1 22.58",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.947 [2.882, 3.483]\ncpu ms: 969.2\npeak MB: 184.1\nread bytes: 12288"
          },
          {
            "name": "real, names, default flags, schedulers occupied / aether",
            "value": 0.93,
            "range": "\u00b1 0.13",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 483.4\npeak MB: 44.9\nread bytes: 86016\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 86,016 bytes, Aether.Scanner.list 61,440 bytes, :prim_file, sequential 180,224 bytes, :prim_file, parallel 49,152 bytes, Port to fd 12,288 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, names, default flags, schedulers occupied / Aether.Scanner.list",
            "value": 220.79,
            "range": "\u00b1 4.46",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 229.000 [44.934, 260.639]\ncpu ms: 726.3\npeak MB: 242.5\nread bytes: 61440\nvariant"
          },
          {
            "name": "real, names, default flags, schedulers occupied / :prim_file, sequential",
            "value": 4306.1,
            "range": "\u00b1 351.89",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4299.422 [858.800, 4731.956]\ncpu ms: 7753.0\npeak MB: 317.7\nread bytes: 180224"
          },
          {
            "name": "real, names, default flags, schedulers occupied / :prim_file, parallel",
            "value": 4151.6,
            "range": "\u00b1 62.21",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4562.143 [854.814, 5964.571]\ncpu ms: 4957.8\npeak MB: 239.3\nread bytes: 49152"
          },
          {
            "name": "real, names, default flags, schedulers occupied / Port to fd",
            "value": 424.12,
            "range": "\u00b1 26.97",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 400.226 [91.576, 517.703]\ncpu ms: 969.2\npeak MB: 184.1\nread bytes: 12288"
          }
        ]
      }
    ],
    "NIF overhead": [
      {
        "commit": {
          "author": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "committer": {
            "name": "Seed 2fc970a6 maintainers",
            "email": "maintainers@users.noreply.b-seed-2fc970a6.example",
            "username": "Seed 2fc970a6 maintainers"
          },
          "id": "8b53e510203422716fa3680a577e4ff208d63d32",
          "message": "Define Phoenix's messages once for both who stand in for it",
          "timestamp": "2026-11-21T21:57:05Z",
          "url": ""
        },
        "date": 1795301259556,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, 1 thread / aether",
            "value": 609.9,
            "range": "\u00b1 2.5434",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 927.9\npeak MB: 44.5\nread bytes: 0\ntarget: 734.153 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, metadata, 1 thread / aether, +sbwt none",
            "value": 614.84,
            "range": "\u00b1 6.6579",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.007 [0.981, 1.013] (cannot tell)\ncpu ms: 818.8\npeak MB: 44.3\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / aether, active: 16",
            "value": 613.01,
            "range": "\u00b1 3.3577",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.997 [0.979, 1.007] (cannot tell)\ncpu ms: 904.7\npeak MB: 44.7\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / the core alone",
            "value": 599.43,
            "range": "\u00b1 1.6076",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.983 [0.962, 0.992]\ncpu ms: 604.8\npeak MB: 3.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / floor",
            "value": 587.32,
            "range": "\u00b1 2.2306",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.960 [0.919, 0.970]\ncpu ms: 583.6\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / zlob",
            "value": 588.57,
            "range": "\u00b1 1.0904",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.964 [0.941, 0.969]\ncpu ms: 589.8\npeak MB: 5.5\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / aether",
            "value": 314.2,
            "range": "\u00b1 4.0983",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 845.6\npeak MB: 44.8\nread bytes: 77824\ntarget: 372.712 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 77,824 bytes, aether, +sbwt none 172,032 bytes, aether, active: 16 20,480 bytes, the core alone 4,096 bytes"
          },
          {
            "name": "real, metadata, 2 threads / aether, +sbwt none",
            "value": 313.12,
            "range": "\u00b1 5.1135",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.987 [0.951, 1.014] (cannot tell)\ncpu ms: 814.5\npeak MB: 44.5\nread bytes: 172032\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / aether, active: 16",
            "value": 344.9,
            "range": "\u00b1 14.99",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.064 [1.051, 1.162]\ncpu ms: 862.6\npeak MB: 44.7\nread bytes: 20480\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / the core alone",
            "value": 311.12,
            "range": "\u00b1 8.4479",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.984 [0.955, 1.025] (cannot tell)\ncpu ms: 616.0\npeak MB: 3.5\nread bytes: 4096\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / floor",
            "value": 298.17,
            "range": "\u00b1 2.1017",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.957 [0.906, 0.973]\ncpu ms: 585.5\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / zlob",
            "value": 308.47,
            "range": "\u00b1 4.7876",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.977 [0.944, 0.986]\ncpu ms: 601.0\npeak MB: 7.7\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / aether",
            "value": 254.63,
            "range": "\u00b1 1.1919",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 566.5\npeak MB: 44.3\nread bytes: 0\ntarget: 293.072 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether, +sbwt none 12,288 bytes"
          },
          {
            "name": "real, names, 1 thread / aether, +sbwt none",
            "value": 254.8,
            "range": "\u00b1 1.148",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.008 [0.995, 1.013] (cannot tell)\ncpu ms: 452.8\npeak MB: 44.2\nread bytes: 12288\nvariant"
          },
          {
            "name": "real, names, 1 thread / aether, active: 16",
            "value": 260.69,
            "range": "\u00b1 2.8468",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.031 [1.015, 1.036]\ncpu ms: 575.6\npeak MB: 44.7\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 1 thread / the core alone",
            "value": 250.12,
            "range": "\u00b1 1.7228",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.984 [0.970, 0.990]\ncpu ms: 253.2\npeak MB: 3.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 1 thread / floor",
            "value": 234.46,
            "range": "\u00b1 0.7627",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.921 [0.910, 0.929]\ncpu ms: 235.9\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / zlob",
            "value": 243.16,
            "range": "\u00b1 0.53911",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.955 [0.942, 0.963]\ncpu ms: 244.5\npeak MB: 4.3\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / aether",
            "value": 153.72,
            "range": "\u00b1 8.6809",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 512.7\npeak MB: 44.3\nread bytes: 0\ntarget: 161.953 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, names, 2 threads / aether, +sbwt none",
            "value": 140.25,
            "range": "\u00b1 10.191",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.994 [0.984, 1.042] (cannot tell)\ncpu ms: 499.2\npeak MB: 44.7\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / aether, active: 16",
            "value": 170.88,
            "range": "\u00b1 14.532",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.112 [1.072, 1.213]\ncpu ms: 516.3\npeak MB: 44.7\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / the core alone",
            "value": 150.03,
            "range": "\u00b1 6.5791",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.988 [0.960, 1.028] (cannot tell)\ncpu ms: 300.9\npeak MB: 3.4\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / floor",
            "value": 129.56,
            "range": "\u00b1 6.5412",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.876 [0.825, 0.934]\ncpu ms: 251.8\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / zlob",
            "value": 137.73,
            "range": "\u00b1 7.1858",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.918 [0.896, 0.954]\ncpu ms: 271.8\npeak MB: 5.1\nread bytes: 0"
          },
          {
            "name": "Scanner.info, a call / aether",
            "value": 111.4,
            "range": "\u00b1 0.7",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 258.4\npeak MB: 43.6\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "Scanner.ask, a call / aether",
            "value": 51.1,
            "range": "\u00b1 0.3",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 258.4\npeak MB: 43.6\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "Scanner.cancel, a call / aether",
            "value": 49.1,
            "range": "\u00b1 0.2",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 258.4\npeak MB: 43.6\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "Aether.info, a call / aether",
            "value": 136.3,
            "range": "\u00b1 1.3",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 258.4\npeak MB: 43.6\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          }
        ]
      }
    ]
  }
}
