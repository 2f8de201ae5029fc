window.BENCHMARK_DATA = {
  "lastUpdate": 1796006275725,
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
      },
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795305145432,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, 1 thread / aether",
            "value": 639.53,
            "range": "\u00b1 9.3035",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 645.2\npeak MB: 3.1\nread bytes: 57344\ntarget: 768.444 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 57,344 bytes, jwalk 40,960 bytes, walkdir 118,784 bytes"
          },
          {
            "name": "real, metadata, 1 thread / floor",
            "value": 614.75,
            "range": "\u00b1 6.5791",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.964 [0.919, 0.990]\ncpu ms: 614.5\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / zlob",
            "value": 611.7,
            "range": "\u00b1 6.3066",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.961 [0.935, 0.972]\ncpu ms: 611.5\npeak MB: 5.5\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / ignore",
            "value": 1004.5,
            "range": "\u00b1 16.251",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.618 [1.546, 1.651]\ncpu ms: 1003.9\npeak MB: 13.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / jwalk",
            "value": 976.26,
            "range": "\u00b1 4.7905",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.548 [1.485, 1.587]\ncpu ms: 975.8\npeak MB: 10.0\nread bytes: 40960"
          },
          {
            "name": "real, metadata, 1 thread / walkdir",
            "value": 960.4,
            "range": "\u00b1 27.034",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.490 [1.474, 1.502]\ncpu ms: 959.9\npeak MB: 3.1\nread bytes: 118784"
          },
          {
            "name": "real, metadata, 1 thread / find",
            "value": 959.05,
            "range": "\u00b1 24.501",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.522 [1.434, 1.582]\ncpu ms: 958.7\npeak MB: 8.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / fd",
            "value": 1551.3,
            "range": "\u00b1 58.321",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.488 [2.282, 2.662]\ncpu ms: 2531.8\npeak MB: 16.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / bfs",
            "value": 925.0,
            "range": "\u00b1 11.284",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.465 [1.412, 1.594]\ncpu ms: 922.0\npeak MB: 3.5\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / dua",
            "value": 1695.1,
            "range": "\u00b1 117.69",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.619 [2.380, 2.722]\ncpu ms: 2000.7\npeak MB: 6.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / dust",
            "value": 1183.9,
            "range": "\u00b1 18.565",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.879 [1.817, 1.883]\ncpu ms: 1183.8\npeak MB: 72.3\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / gdu",
            "value": 1602.5,
            "range": "\u00b1 39.222",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.500 [2.490, 2.545]\ncpu ms: 1611.8\npeak MB: 252.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / os.scandir",
            "value": 1170.8,
            "range": "\u00b1 44.5",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.859 [1.730, 1.886]\ncpu ms: 1170.3\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / aether",
            "value": 317.3,
            "range": "\u00b1 8.2001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 626.5\npeak MB: 3.4\nread bytes: 0\ntarget: 387.575 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: jwalk 69,632 bytes"
          },
          {
            "name": "real, metadata, 2 threads / floor",
            "value": 310.06,
            "range": "\u00b1 12.085",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.974 [0.950, 0.993]\ncpu ms: 603.2\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / zlob",
            "value": 322.84,
            "range": "\u00b1 17.052",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.012 [0.975, 1.144] (cannot tell)\ncpu ms: 632.4\npeak MB: 5.9\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / ignore",
            "value": 507.52,
            "range": "\u00b1 13.351",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.598 [1.557, 1.705]\ncpu ms: 1008.1\npeak MB: 16.8\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / jwalk",
            "value": 643.46,
            "range": "\u00b1 44.421",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.082 [1.763, 2.207]\ncpu ms: 1264.4\npeak MB: 19.8\nread bytes: 69632"
          },
          {
            "name": "real, metadata, 2 threads / fd",
            "value": 702.48,
            "range": "\u00b1 21.678",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.259 [2.146, 2.414]\ncpu ms: 1362.2\npeak MB: 19.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / dua",
            "value": 1193.3,
            "range": "\u00b1 60.285",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.666 [3.526, 3.846]\ncpu ms: 2061.0\npeak MB: 7.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / dust",
            "value": 607.8,
            "range": "\u00b1 25.14",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.899 [1.870, 1.948]\ncpu ms: 1142.3\npeak MB: 73.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / gdu",
            "value": 843.15,
            "range": "\u00b1 40.982",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.670 [2.574, 2.806]\ncpu ms: 1621.0\npeak MB: 253.1\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / aether",
            "value": 258.32,
            "range": "\u00b1 5.5697",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 259.7\npeak MB: 3.1\nread bytes: 0\ntarget: 317.613 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: ignore 40,960 bytes, ripgrep 131,072 bytes, fdir 16,384 bytes"
          },
          {
            "name": "real, names, 1 thread / floor",
            "value": 254.09,
            "range": "\u00b1 13.276",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.989 [0.926, 1.016] (cannot tell)\ncpu ms: 253.8\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / zlob",
            "value": 247.42,
            "range": "\u00b1 2.0548",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.958 [0.941, 0.975]\ncpu ms: 247.1\npeak MB: 4.3\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ignore",
            "value": 385.8,
            "range": "\u00b1 4.1474",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.495 [1.481, 1.526]\ncpu ms: 385.6\npeak MB: 13.8\nread bytes: 40960"
          },
          {
            "name": "real, names, 1 thread / jwalk",
            "value": 373.63,
            "range": "\u00b1 11.627",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.484 [1.418, 1.517]\ncpu ms: 373.3\npeak MB: 14.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / walkdir",
            "value": 373.64,
            "range": "\u00b1 21.256",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.376 [1.278, 1.485]\ncpu ms: 373.3\npeak MB: 3.2\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / find",
            "value": 465.61,
            "range": "\u00b1 5.2271",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.844 [1.804, 1.893]\ncpu ms: 465.2\npeak MB: 8.1\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / fd",
            "value": 528.38,
            "range": "\u00b1 15.201",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.035 [2.011, 2.192]\ncpu ms: 769.7\npeak MB: 15.6\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / bfs",
            "value": 339.95,
            "range": "\u00b1 10.163",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.317 [1.302, 1.332]\ncpu ms: 338.1\npeak MB: 3.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ripgrep",
            "value": 397.88,
            "range": "\u00b1 10.458",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.530 [1.451, 1.742]\ncpu ms: 397.1\npeak MB: 4.8\nread bytes: 131072"
          },
          {
            "name": "real, names, 1 thread / fdir",
            "value": 576.8,
            "range": "\u00b1 32.134",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.306 [2.155, 2.459]\ncpu ms: 624.1\npeak MB: 110.9\nread bytes: 16384"
          },
          {
            "name": "real, names, 1 thread / os.scandir",
            "value": 407.2,
            "range": "\u00b1 21.904",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.557 [1.492, 1.662]\ncpu ms: 406.8\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / aether",
            "value": 134.75,
            "range": "\u00b1 5.9266",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 262.6\npeak MB: 3.4\nread bytes: 0\ntarget: 161.281 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: jwalk, fd (MAD over 10% of the median)"
          },
          {
            "name": "real, names, 2 threads / floor",
            "value": 129.02,
            "range": "\u00b1 2.9801",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.939 [0.870, 0.969]\ncpu ms: 241.9\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / zlob",
            "value": 137.64,
            "range": "\u00b1 3.0287",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.999 [0.934, 1.056] (cannot tell)\ncpu ms: 268.1\npeak MB: 4.9\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / ignore",
            "value": 201.02,
            "range": "\u00b1 4.514",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.466 [1.340, 1.557]\ncpu ms: 394.5\npeak MB: 17.8\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / jwalk",
            "value": 316.42,
            "range": "\u00b1 43.336",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.293 [1.754, 2.445]\ncpu ms: 609.8\npeak MB: 18.3\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / fd",
            "value": 288.43,
            "range": "\u00b1 37.147",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.890 [1.853, 2.537]\ncpu ms: 531.0\npeak MB: 18.4\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / ripgrep",
            "value": 346.03,
            "range": "\u00b1 14.207",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.568 [2.360, 2.585]\ncpu ms: 643.3\npeak MB: 19.9\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / fdir",
            "value": 496.79,
            "range": "\u00b1 23.402",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.526 [3.255, 3.787]\ncpu ms: 794.1\npeak MB: 124.6\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / aether",
            "value": 156.03,
            "range": "\u00b1 2.1455",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 153.0\npeak MB: 2.8\nread bytes: 0\ntarget: 182.441 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide-small, metadata, 1 thread / floor",
            "value": 145.95,
            "range": "\u00b1 1.3818",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.941 [0.925, 0.974]\ncpu ms: 145.6\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / zlob",
            "value": 150.58,
            "range": "\u00b1 1.2269",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.977 [0.962, 0.992]\ncpu ms: 150.3\npeak MB: 3.0\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / find",
            "value": 221.28,
            "range": "\u00b1 2.6965",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.414 [1.391, 1.470]\ncpu ms: 221.0\npeak MB: 2.5\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / fd",
            "value": 432.07,
            "range": "\u00b1 4.3985",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.768 [2.737, 2.914]\ncpu ms: 792.3\npeak MB: 5.7\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / bfs",
            "value": 243.98,
            "range": "\u00b1 1.9652",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.560 [1.546, 1.659]\ncpu ms: 243.6\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / dua",
            "value": 331.82,
            "range": "\u00b1 12.815",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.119 [1.993, 2.269]\ncpu ms: 367.8\npeak MB: 4.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / dust",
            "value": 301.11,
            "range": "\u00b1 4.6588",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.924 [1.841, 1.990]\ncpu ms: 300.8\npeak MB: 22.0\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / gdu",
            "value": 370.78,
            "range": "\u00b1 4.6227",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.435 [2.320, 2.451]\ncpu ms: 372.5\npeak MB: 77.4\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / os.scandir",
            "value": 301.02,
            "range": "\u00b1 0.99529",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.934 [1.916, 1.969]\ncpu ms: 300.8\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / aether",
            "value": 79.425,
            "range": "\u00b1 0.99377",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 156.1\npeak MB: 3.0\nread bytes: 0\ntarget: 105.557 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide-small, metadata, 2 threads / floor",
            "value": 84.446,
            "range": "\u00b1 1.4198",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.061 [1.050, 1.086]\ncpu ms: 157.4\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / zlob",
            "value": 84.011,
            "range": "\u00b1 2.3754",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.070 [0.895, 1.085] (cannot tell)\ncpu ms: 157.3\npeak MB: 3.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / fd",
            "value": 213.84,
            "range": "\u00b1 2.5854",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.681 [2.625, 2.841]\ncpu ms: 416.4\npeak MB: 6.6\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / dua",
            "value": 276.65,
            "range": "\u00b1 8.6653",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.291 [3.160, 3.476]\ncpu ms: 433.9\npeak MB: 4.2\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / dust",
            "value": 158.99,
            "range": "\u00b1 4.2861",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.998 [1.882, 2.032]\ncpu ms: 299.9\npeak MB: 22.2\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / gdu",
            "value": 207.47,
            "range": "\u00b1 2.1984",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.607 [2.321, 2.695]\ncpu ms: 376.8\npeak MB: 77.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / aether",
            "value": 40.027,
            "range": "\u00b1 2.4953",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 40.1\npeak MB: 2.8\nread bytes: 0\ntarget: 37.605 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide-small, names, 1 thread / floor",
            "value": 30.084,
            "range": "\u00b1 0.1375",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.751 [0.729, 1.009] (cannot tell)\ncpu ms: 29.9\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / zlob",
            "value": 32.858,
            "range": "\u00b1 0.11038",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.817 [0.791, 1.017] (cannot tell)\ncpu ms: 32.7\npeak MB: 3.0\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / find",
            "value": 46.635,
            "range": "\u00b1 0.84787",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.157 [1.101, 1.507]\ncpu ms: 46.4\npeak MB: 2.4\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fd",
            "value": 92.444,
            "range": "\u00b1 4.5604",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.540 [2.343, 2.787]\ncpu ms: 124.8\npeak MB: 5.4\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / bfs",
            "value": 41.313,
            "range": "\u00b1 0.27615",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.025 [0.985, 1.304] (cannot tell)\ncpu ms: 41.0\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / ripgrep",
            "value": 51.46,
            "range": "\u00b1 0.32769",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.278 [1.218, 1.596]\ncpu ms: 51.2\npeak MB: 4.7\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fdir",
            "value": 156.21,
            "range": "\u00b1 1.5011",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.991 [3.723, 4.771]\ncpu ms: 167.0\npeak MB: 63.3\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / os.scandir",
            "value": 56.455,
            "range": "\u00b1 0.81293",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.479 [1.374, 1.721]\ncpu ms: 56.0\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / aether",
            "value": 18.351,
            "range": "\u00b1 1.1594",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 34.4\npeak MB: 2.8\nread bytes: 0\ntarget: 24.6625 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide-small, names, 2 threads / floor",
            "value": 19.73,
            "range": "\u00b1 1.1843",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.099 [0.980, 1.290] (cannot tell)\ncpu ms: 30.7\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / zlob",
            "value": 18.084,
            "range": "\u00b1 0.12813",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.041 [0.913, 1.240] (cannot tell)\ncpu ms: 33.1\npeak MB: 3.3\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fd",
            "value": 44.024,
            "range": "\u00b1 0.9525",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.435 [2.144, 2.561]\ncpu ms: 78.1\npeak MB: 6.2\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / ripgrep",
            "value": 46.111,
            "range": "\u00b1 2.9857",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.563 [2.521, 2.706]\ncpu ms: 82.0\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fdir",
            "value": 144.47,
            "range": "\u00b1 4.4576",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 7.950 [7.743, 8.445]\ncpu ms: 186.3\npeak MB: 69.9\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / aether",
            "value": 615.42,
            "range": "\u00b1 19.148",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 616.2\npeak MB: 3.0\nread bytes: 0\ntarget: 739.264 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: fd 8,192 bytes, dua 69,632 bytes"
          },
          {
            "name": "flat, metadata, 1 thread / floor",
            "value": 591.41,
            "range": "\u00b1 11.941",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.962 [0.954, 0.964]\ncpu ms: 591.1\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / zlob",
            "value": 621.6,
            "range": "\u00b1 14.566",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.015 [0.994, 1.048] (cannot tell)\ncpu ms: 620.8\npeak MB: 31.8\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / find",
            "value": 913.26,
            "range": "\u00b1 20.784",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.500 [1.439, 1.518]\ncpu ms: 912.8\npeak MB: 31.3\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / fd",
            "value": 1439.9,
            "range": "\u00b1 48.438",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.428 [2.388, 2.551]\ncpu ms: 2593.6\npeak MB: 123.6\nread bytes: 8192"
          },
          {
            "name": "flat, metadata, 1 thread / bfs",
            "value": 850.39,
            "range": "\u00b1 41.066",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.414 [1.411, 1.436]\ncpu ms: 849.5\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / dua",
            "value": 2821.7,
            "range": "\u00b1 37.994",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.805 [4.631, 4.951]\ncpu ms: 2821.4\npeak MB: 225.2\nread bytes: 69632"
          },
          {
            "name": "flat, metadata, 1 thread / dust",
            "value": 1228.4,
            "range": "\u00b1 115.98",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.996 [1.877, 2.210]\ncpu ms: 1228.2\npeak MB: 72.3\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / gdu",
            "value": 1406.2,
            "range": "\u00b1 107.55",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.285 [2.067, 2.466]\ncpu ms: 1439.3\npeak MB: 202.5\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / os.scandir",
            "value": 999.54,
            "range": "\u00b1 74.464",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.624 [1.594, 1.840]\ncpu ms: 998.7\npeak MB: 7.7\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / aether",
            "value": 285.79,
            "range": "\u00b1 3.8816",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 562.2\npeak MB: 3.2\nread bytes: 0\ntarget: 349.44 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: fd 8,192 bytes"
          },
          {
            "name": "flat, metadata, 2 threads / floor",
            "value": 279.55,
            "range": "\u00b1 5.8988",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.978 [0.972, 0.990]\ncpu ms: 540.2\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / zlob",
            "value": 587.68,
            "range": "\u00b1 10.09",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.083 [2.039, 2.167]\ncpu ms: 587.4\npeak MB: 31.7\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / fd",
            "value": 759.55,
            "range": "\u00b1 1.4592",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.656 [2.624, 2.749]\ncpu ms: 1384.1\npeak MB: 108.2\nread bytes: 8192"
          },
          {
            "name": "flat, metadata, 2 threads / dua",
            "value": 2751.3,
            "range": "\u00b1 48.811",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 9.632 [9.594, 9.938]\ncpu ms: 2749.9\npeak MB: 225.3\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / dust",
            "value": 852.37,
            "range": "\u00b1 49.919",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.981 [2.853, 3.672]\ncpu ms: 1194.2\npeak MB: 72.4\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / gdu",
            "value": 1261.8,
            "range": "\u00b1 47.845",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.412 [4.327, 4.667]\ncpu ms: 1305.3\npeak MB: 203.3\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / aether",
            "value": 84.922,
            "range": "\u00b1 0.093599",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 85.3\npeak MB: 2.7\nread bytes: 0\ntarget: 101.784 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, names, 1 thread / floor",
            "value": 81.427,
            "range": "\u00b1 0.35337",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.960 [0.955, 0.965]\ncpu ms: 80.9\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / zlob",
            "value": 94.782,
            "range": "\u00b1 0.21538",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.117 [1.106, 1.119]\ncpu ms: 94.5\npeak MB: 11.3\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / find",
            "value": 248.69,
            "range": "\u00b1 5.931",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.925 [2.865, 3.024]\ncpu ms: 248.5\npeak MB: 31.3\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fd",
            "value": 335.2,
            "range": "\u00b1 1.8186",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.947 [3.821, 3.963]\ncpu ms: 402.6\npeak MB: 127.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / bfs",
            "value": 110.73,
            "range": "\u00b1 0.49207",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.304 [1.294, 1.310]\ncpu ms: 110.4\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / ripgrep",
            "value": 131.7,
            "range": "\u00b1 0.73671",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.552 [1.543, 1.558]\ncpu ms: 131.4\npeak MB: 4.7\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fdir",
            "value": 428.35,
            "range": "\u00b1 2.841",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.047 [4.978, 5.168]\ncpu ms: 443.8\npeak MB: 150.3\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / os.scandir",
            "value": 135.67,
            "range": "\u00b1 1.6972",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.602 [1.591, 1.752]\ncpu ms: 135.2\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / aether",
            "value": 91.012,
            "range": "\u00b1 0.5187",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 94.6\npeak MB: 3.1\nread bytes: 0\ntarget: 102.872 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: zlob 16,384 bytes"
          },
          {
            "name": "flat, names, 2 threads / floor",
            "value": 82.298,
            "range": "\u00b1 0.43877",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.909 [0.877, 0.910]\ncpu ms: 151.6\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / zlob",
            "value": 94.621,
            "range": "\u00b1 0.45572",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.047 [1.015, 1.053]\ncpu ms: 94.2\npeak MB: 11.3\nread bytes: 16384"
          },
          {
            "name": "flat, names, 2 threads / fd",
            "value": 184.26,
            "range": "\u00b1 3.6121",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.016 [1.977, 2.065]\ncpu ms: 253.5\npeak MB: 44.6\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / ripgrep",
            "value": 197.7,
            "range": "\u00b1 2.9326",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.144 [2.104, 2.192]\ncpu ms: 274.0\npeak MB: 48.9\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fdir",
            "value": 444.62,
            "range": "\u00b1 13.645",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.885 [4.582, 4.986]\ncpu ms: 458.2\npeak MB: 154.7\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / aether",
            "value": 267.05,
            "range": "\u00b1 12.316",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 253.4\npeak MB: 3.4\nread bytes: 0\ntarget: 302.138 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: floor 49,152 bytes, fd 8,192 bytes, dua 626,688 bytes, dust 106,496 bytes, gdu 139,264 bytes, os.scandir 32,768 bytes"
          },
          {
            "name": "deep, metadata, 1 thread / floor",
            "value": 241.71,
            "range": "\u00b1 11.789",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.921 [0.877, 1.050] (cannot tell)\ncpu ms: 241.4\npeak MB: 1.9\nread bytes: 49152"
          },
          {
            "name": "deep, metadata, 1 thread / zlob",
            "value": 245.18,
            "range": "\u00b1 18.638",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.895 [0.886, 0.981]\ncpu ms: 244.8\npeak MB: 2.7\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / find",
            "value": 500.72,
            "range": "\u00b1 17.688",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.878 [1.829, 1.980]\ncpu ms: 500.5\npeak MB: 2.5\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / fd",
            "value": 1232.1,
            "range": "\u00b1 49.169",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.705 [4.427, 5.414]\ncpu ms: 1512.7\npeak MB: 6.8\nread bytes: 8192"
          },
          {
            "name": "deep, metadata, 1 thread / bfs",
            "value": 414.43,
            "range": "\u00b1 30.62",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.564 [1.507, 1.724]\ncpu ms: 401.4\npeak MB: 5.3\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / dua",
            "value": 30994.0,
            "range": "\u00b1 774.75",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 117.790 [109.586, 119.753]\ncpu ms: 31425.1\npeak MB: 7.1\nread bytes: 626688"
          },
          {
            "name": "deep, metadata, 1 thread / dust",
            "value": 1210.3,
            "range": "\u00b1 14.855",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.583 [4.282, 4.804]\ncpu ms: 1209.9\npeak MB: 44.3\nread bytes: 106496"
          },
          {
            "name": "deep, metadata, 1 thread / gdu",
            "value": 4248.3,
            "range": "\u00b1 192.76",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 14.558 [14.317, 17.630]\ncpu ms: 4264.0\npeak MB: 108.3\nread bytes: 139264"
          },
          {
            "name": "deep, metadata, 1 thread / os.scandir",
            "value": 1171.5,
            "range": "\u00b1 77.425",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.356 [4.284, 4.599]\ncpu ms: 1170.8\npeak MB: 7.7\nread bytes: 32768"
          },
          {
            "name": "deep, metadata, 2 threads / aether",
            "value": 151.14,
            "range": "\u00b1 12.014",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 248.7\npeak MB: 3.7\nread bytes: 16384\ntarget: 165.162 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 16,384 bytes, fd 12,288 bytes, dua 876,544 bytes, dust 4,096 bytes, gdu 290,816 bytes\nwarning: too noisy to tell much: gdu (MAD over 10% of the median)"
          },
          {
            "name": "deep, metadata, 2 threads / floor",
            "value": 132.13,
            "range": "\u00b1 7.1825",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.860 [0.834, 0.923]\ncpu ms: 258.7\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / zlob",
            "value": 128.01,
            "range": "\u00b1 10.599",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.847 [0.831, 0.922]\ncpu ms: 241.4\npeak MB: 2.9\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / fd",
            "value": 548.19,
            "range": "\u00b1 12.003",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.627 [3.281, 3.982]\ncpu ms: 1071.3\npeak MB: 7.5\nread bytes: 12288"
          },
          {
            "name": "deep, metadata, 2 threads / dua",
            "value": 15165.0,
            "range": "\u00b1 185.2",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 100.334 [91.589, 106.862]\ncpu ms: 30010.5\npeak MB: 7.7\nread bytes: 876544"
          },
          {
            "name": "deep, metadata, 2 threads / dust",
            "value": 611.14,
            "range": "\u00b1 22.109",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.148 [3.897, 4.370]\ncpu ms: 1184.8\npeak MB: 44.4\nread bytes: 4096"
          },
          {
            "name": "deep, metadata, 2 threads / gdu",
            "value": 1872.7,
            "range": "\u00b1 247.2",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 13.126 [12.464, 13.392]\ncpu ms: 3686.6\npeak MB: 108.8\nread bytes: 290816"
          },
          {
            "name": "deep, names, 1 thread / aether",
            "value": 194.43,
            "range": "\u00b1 9.7149",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 176.2\npeak MB: 3.2\nread bytes: 0\ntarget: 207.039 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: bfs 49,152 bytes"
          },
          {
            "name": "deep, names, 1 thread / floor",
            "value": 165.63,
            "range": "\u00b1 6.6339",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.862 [0.808, 0.923]\ncpu ms: 165.5\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / zlob",
            "value": 175.77,
            "range": "\u00b1 5.3606",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.866 [0.807, 0.965]\ncpu ms: 175.5\npeak MB: 2.8\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / find",
            "value": 440.91,
            "range": "\u00b1 6.8231",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.309 [2.077, 2.401]\ncpu ms: 440.5\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fd",
            "value": 630.38,
            "range": "\u00b1 37.729",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.287 [3.195, 3.622]\ncpu ms: 880.0\npeak MB: 6.4\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / bfs",
            "value": 282.29,
            "range": "\u00b1 26.506",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.456 [1.316, 1.570]\ncpu ms: 281.9\npeak MB: 5.2\nread bytes: 49152"
          },
          {
            "name": "deep, names, 1 thread / ripgrep",
            "value": 507.61,
            "range": "\u00b1 14.206",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.576 [2.392, 2.611]\ncpu ms: 506.5\npeak MB: 5.2\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fdir",
            "value": 622.64,
            "range": "\u00b1 2.4495",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.202 [2.922, 3.332]\ncpu ms: 656.6\npeak MB: 76.0\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / os.scandir",
            "value": 479.06,
            "range": "\u00b1 5.3367",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.544 [2.329, 2.619]\ncpu ms: 478.8\npeak MB: 7.7\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / aether",
            "value": 123.96,
            "range": "\u00b1 3.1282",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 214.3\npeak MB: 3.5\nread bytes: 0\ntarget: 123.276 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "deep, names, 2 threads / floor",
            "value": 98.621,
            "range": "\u00b1 2.118",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.796 [0.759, 0.857]\ncpu ms: 189.4\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / zlob",
            "value": 107.85,
            "range": "\u00b1 6.8803",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.870 [0.805, 0.937]\ncpu ms: 197.6\npeak MB: 2.9\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fd",
            "value": 334.88,
            "range": "\u00b1 16.511",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.732 [2.527, 2.803]\ncpu ms: 643.2\npeak MB: 7.9\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / ripgrep",
            "value": 346.99,
            "range": "\u00b1 13.664",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.858 [2.763, 3.079]\ncpu ms: 674.7\npeak MB: 6.7\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fdir",
            "value": 1784.3,
            "range": "\u00b1 17.776",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 14.720 [13.716, 15.770]\ncpu ms: 3435.6\npeak MB: 72.2\nread bytes: 0"
          }
        ]
      },
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795986545097,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, 1 thread / aether",
            "value": 562.88,
            "range": "\u00b1 38.335",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 565.7\npeak MB: 2.6\nread bytes: 0\ntarget: 648.317 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: floor, zlob, jwalk, find, fdf, bfs (MAD over 10% of the median)"
          },
          {
            "name": "real, metadata, 1 thread / floor",
            "value": 518.65,
            "range": "\u00b1 52.827",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.949 [0.883, 0.978]\ncpu ms: 518.4\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / zlob",
            "value": 579.84,
            "range": "\u00b1 76.264",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.988 [0.939, 1.343] (cannot tell)\ncpu ms: 579.6\npeak MB: 5.2\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / ignore",
            "value": 923.41,
            "range": "\u00b1 78.204",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.790 [1.423, 1.862]\ncpu ms: 922.4\npeak MB: 13.6\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / jwalk",
            "value": 896.91,
            "range": "\u00b1 94.678",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.593 [1.448, 1.867]\ncpu ms: 896.7\npeak MB: 10.9\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / walkdir",
            "value": 768.29,
            "range": "\u00b1 56.987",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.462 [1.309, 1.714]\ncpu ms: 768.0\npeak MB: 2.7\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / find",
            "value": 879.37,
            "range": "\u00b1 121.68",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.562 [1.396, 1.653]\ncpu ms: 879.0\npeak MB: 8.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / fd",
            "value": 1354.5,
            "range": "\u00b1 66.69",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.753 [2.394, 3.087]\ncpu ms: 2256.7\npeak MB: 16.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / fdf",
            "value": 599.78,
            "range": "\u00b1 72.451",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.237 [1.047, 1.260]\ncpu ms: 629.6\npeak MB: 11.5\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / bfs",
            "value": 946.79,
            "range": "\u00b1 141.45",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.714 [1.497, 1.832]\ncpu ms: 939.8\npeak MB: 3.6\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / dua",
            "value": 1088.5,
            "range": "\u00b1 75.018",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.311 [1.890, 2.394]\ncpu ms: 1377.7\npeak MB: 6.7\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / dust",
            "value": 1144.1,
            "range": "\u00b1 101.75",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.163 [1.949, 2.415]\ncpu ms: 1144.1\npeak MB: 80.7\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / gdu",
            "value": 1807.5,
            "range": "\u00b1 170.98",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.171 [2.842, 3.844]\ncpu ms: 1795.1\npeak MB: 271.6\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / os.scandir",
            "value": 1030.9,
            "range": "\u00b1 37.702",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.061 [1.708, 2.320]\ncpu ms: 1030.2\npeak MB: 10.6\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / aether",
            "value": 360.34,
            "range": "\u00b1 7.6749",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 711.0\npeak MB: 2.9\nread bytes: 0\ntarget: 410.723 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, metadata, 2 threads / floor",
            "value": 328.58,
            "range": "\u00b1 21.804",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.935 [0.790, 0.991]\ncpu ms: 652.9\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / zlob",
            "value": 348.8,
            "range": "\u00b1 3.7874",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.973 [0.960, 1.018] (cannot tell)\ncpu ms: 692.2\npeak MB: 7.6\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / ignore",
            "value": 586.78,
            "range": "\u00b1 36.864",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.640 [1.565, 1.746]\ncpu ms: 1159.2\npeak MB: 16.3\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / jwalk",
            "value": 746.33,
            "range": "\u00b1 13.827",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.094 [2.009, 2.121]\ncpu ms: 1471.9\npeak MB: 18.5\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / fd",
            "value": 789.17,
            "range": "\u00b1 32.584",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.280 [2.092, 2.358]\ncpu ms: 1496.8\npeak MB: 18.7\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / fdf",
            "value": 363.99,
            "range": "\u00b1 8.1729",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.010 [0.971, 1.132] (cannot tell)\ncpu ms: 693.5\npeak MB: 15.7\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / dua",
            "value": 1039.6,
            "range": "\u00b1 41.638",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.939 [2.652, 2.983]\ncpu ms: 1867.2\npeak MB: 7.1\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / dust",
            "value": 728.32,
            "range": "\u00b1 33.627",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.044 [1.982, 2.212]\ncpu ms: 1338.4\npeak MB: 81.3\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / gdu",
            "value": 1213.4,
            "range": "\u00b1 50.305",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.486 [3.105, 3.547]\ncpu ms: 2326.8\npeak MB: 272.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / aether",
            "value": 249.39,
            "range": "\u00b1 27.642",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 250.9\npeak MB: 2.7\nread bytes: 0\ntarget: 324.937 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, fd, fdf, os.scandir (MAD over 10% of the median)"
          },
          {
            "name": "real, names, 1 thread / floor",
            "value": 259.95,
            "range": "\u00b1 9.1279",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.928 [0.788, 1.308] (cannot tell)\ncpu ms: 259.6\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / zlob",
            "value": 279.91,
            "range": "\u00b1 20.092",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.093 [0.888, 1.442] (cannot tell)\ncpu ms: 279.7\npeak MB: 3.9\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ignore",
            "value": 399.56,
            "range": "\u00b1 33.412",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.468 [1.398, 2.438]\ncpu ms: 398.9\npeak MB: 13.6\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / jwalk",
            "value": 412.41,
            "range": "\u00b1 40.591",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.541 [1.325, 2.175]\ncpu ms: 411.7\npeak MB: 11.0\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / walkdir",
            "value": 396.14,
            "range": "\u00b1 8.5041",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.434 [1.112, 1.947]\ncpu ms: 395.9\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / find",
            "value": 512.65,
            "range": "\u00b1 17.566",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.851 [1.618, 2.561]\ncpu ms: 512.4\npeak MB: 8.1\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / fd",
            "value": 757.89,
            "range": "\u00b1 80.304",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.026 [2.264, 3.726]\ncpu ms: 1115.1\npeak MB: 15.8\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / fdf",
            "value": 352.61,
            "range": "\u00b1 39.117",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.471 [1.012, 1.730]\ncpu ms: 389.7\npeak MB: 11.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / bfs",
            "value": 412.18,
            "range": "\u00b1 13.184",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.645 [1.556, 1.961]\ncpu ms: 411.9\npeak MB: 3.5\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / ripgrep",
            "value": 476.08,
            "range": "\u00b1 11.93",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.910 [1.831, 2.315]\ncpu ms: 475.1\npeak MB: 4.9\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / fdir",
            "value": 810.89,
            "range": "\u00b1 16.349",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.132 [2.836, 3.789]\ncpu ms: 899.8\npeak MB: 112.7\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / os.scandir",
            "value": 407.59,
            "range": "\u00b1 42.802",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.768 [1.478, 2.004]\ncpu ms: 402.9\npeak MB: 10.6\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / aether",
            "value": 162.83,
            "range": "\u00b1 4.4789",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 317.9\npeak MB: 2.9\nread bytes: 0\ntarget: 176.192 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, names, 2 threads / floor",
            "value": 140.95,
            "range": "\u00b1 7.0741",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.890 [0.799, 0.919]\ncpu ms: 278.8\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / zlob",
            "value": 155.79,
            "range": "\u00b1 9.5498",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.990 [0.898, 1.002] (cannot tell)\ncpu ms: 308.3\npeak MB: 4.3\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / ignore",
            "value": 296.27,
            "range": "\u00b1 12.553",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.921 [1.674, 1.950]\ncpu ms: 564.3\npeak MB: 16.8\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / jwalk",
            "value": 364.77,
            "range": "\u00b1 23.64",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.359 [1.812, 2.445]\ncpu ms: 633.5\npeak MB: 19.4\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / fd",
            "value": 372.9,
            "range": "\u00b1 22.449",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.449 [2.201, 2.547]\ncpu ms: 686.3\npeak MB: 18.3\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / fdf",
            "value": 214.31,
            "range": "\u00b1 6.2834",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.302 [1.249, 1.362]\ncpu ms: 401.0\npeak MB: 15.6\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / ripgrep",
            "value": 457.37,
            "range": "\u00b1 7.4476",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.817 [2.748, 3.012]\ncpu ms: 859.6\npeak MB: 19.1\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / fdir",
            "value": 786.05,
            "range": "\u00b1 26.036",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.904 [4.780, 5.099]\ncpu ms: 1257.8\npeak MB: 127.4\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / aether",
            "value": 174.43,
            "range": "\u00b1 0.99429",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 175.7\npeak MB: 2.6\nread bytes: 0\ntarget: 196.357 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: fd, fdf (MAD over 10% of the median)"
          },
          {
            "name": "wide-small, metadata, 1 thread / floor",
            "value": 157.09,
            "range": "\u00b1 7.2341",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.904 [0.898, 0.942]\ncpu ms: 156.9\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / zlob",
            "value": 168.17,
            "range": "\u00b1 4.7354",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.964 [0.941, 0.992]\ncpu ms: 168.0\npeak MB: 2.7\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / find",
            "value": 261.08,
            "range": "\u00b1 20.682",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.527 [1.058, 1.606]\ncpu ms: 260.3\npeak MB: 2.4\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / fd",
            "value": 493.98,
            "range": "\u00b1 52.253",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.809 [2.408, 3.114]\ncpu ms: 768.8\npeak MB: 5.6\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / fdf",
            "value": 153.48,
            "range": "\u00b1 28.108",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.867 [0.713, 1.086] (cannot tell)\ncpu ms: 163.6\npeak MB: 9.5\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / bfs",
            "value": 254.75,
            "range": "\u00b1 8.4819",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.452 [1.411, 1.744]\ncpu ms: 254.5\npeak MB: 2.2\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / dua",
            "value": 264.89,
            "range": "\u00b1 17.05",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.496 [1.305, 1.621]\ncpu ms: 339.7\npeak MB: 4.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / dust",
            "value": 355.59,
            "range": "\u00b1 26.222",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.143 [1.577, 2.188]\ncpu ms: 355.6\npeak MB: 24.9\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / gdu",
            "value": 516.93,
            "range": "\u00b1 20.697",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.082 [2.854, 3.243]\ncpu ms: 518.4\npeak MB: 82.4\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 1 thread / os.scandir",
            "value": 430.41,
            "range": "\u00b1 38.268",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.589 [2.136, 2.783]\ncpu ms: 430.2\npeak MB: 10.5\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / aether",
            "value": 86.582,
            "range": "\u00b1 10.086",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 169.8\npeak MB: 2.6\nread bytes: 0\ntarget: 101.968 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide-small, metadata, 2 threads / floor",
            "value": 81.575,
            "range": "\u00b1 5.7347",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.883 [0.876, 1.021] (cannot tell)\ncpu ms: 159.5\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / zlob",
            "value": 90.945,
            "range": "\u00b1 7.9252",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.996 [0.960, 1.071] (cannot tell)\ncpu ms: 178.7\npeak MB: 2.8\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / fd",
            "value": 248.97,
            "range": "\u00b1 24.853",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.842 [2.628, 2.865]\ncpu ms: 473.4\npeak MB: 6.7\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / fdf",
            "value": 94.839,
            "range": "\u00b1 6.8907",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.262 [0.966, 1.355] (cannot tell)\ncpu ms: 175.4\npeak MB: 11.6\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / dua",
            "value": 246.52,
            "range": "\u00b1 15.599",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.074 [2.527, 3.582]\ncpu ms: 403.6\npeak MB: 4.3\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / dust",
            "value": 186.77,
            "range": "\u00b1 3.4089",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.042 [1.859, 2.692]\ncpu ms: 337.2\npeak MB: 25.1\nread bytes: 0"
          },
          {
            "name": "wide-small, metadata, 2 threads / gdu",
            "value": 304.36,
            "range": "\u00b1 12.113",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.232 [3.149, 4.272]\ncpu ms: 527.2\npeak MB: 81.8\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / aether",
            "value": 39.717,
            "range": "\u00b1 1.5379",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 37.3\npeak MB: 2.4\nread bytes: 0\ntarget: 47.3135 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: floor, bfs (MAD over 10% of the median)"
          },
          {
            "name": "wide-small, names, 1 thread / floor",
            "value": 37.851,
            "range": "\u00b1 4.0698",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.931 [0.809, 1.035] (cannot tell)\ncpu ms: 32.9\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / zlob",
            "value": 41.952,
            "range": "\u00b1 1.8848",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.109 [1.035, 1.144]\ncpu ms: 40.7\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / find",
            "value": 69.382,
            "range": "\u00b1 3.5867",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.833 [1.678, 1.996]\ncpu ms: 66.5\npeak MB: 2.5\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fd",
            "value": 163.92,
            "range": "\u00b1 12.956",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.470 [3.801, 4.895]\ncpu ms: 190.1\npeak MB: 5.5\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fdf",
            "value": 70.031,
            "range": "\u00b1 4.3812",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.775 [1.400, 1.933]\ncpu ms: 62.4\npeak MB: 9.6\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / bfs",
            "value": 60.664,
            "range": "\u00b1 8.6801",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.559 [1.435, 1.946]\ncpu ms: 56.2\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / ripgrep",
            "value": 76.602,
            "range": "\u00b1 2.235",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.949 [1.903, 1.991]\ncpu ms: 72.7\npeak MB: 4.6\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / fdir",
            "value": 302.13,
            "range": "\u00b1 20.375",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 7.998 [7.029, 8.239]\ncpu ms: 318.1\npeak MB: 63.4\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 1 thread / os.scandir",
            "value": 133.29,
            "range": "\u00b1 8.7613",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.443 [3.147, 3.569]\ncpu ms: 127.2\npeak MB: 10.5\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / aether",
            "value": 24.888,
            "range": "\u00b1 3.0523",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 39.4\npeak MB: 2.5\nread bytes: 0\ntarget: 29.871 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, fdf (MAD over 10% of the median)\nwarning: others had 10% of the processors meanwhile"
          },
          {
            "name": "wide-small, names, 2 threads / floor",
            "value": 23.897,
            "range": "\u00b1 0.72897",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.989 [0.784, 1.136] (cannot tell)\ncpu ms: 35.3\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / zlob",
            "value": 22.439,
            "range": "\u00b1 0.92614",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.887 [0.694, 1.189] (cannot tell)\ncpu ms: 40.8\npeak MB: 2.9\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fd",
            "value": 91.782,
            "range": "\u00b1 7.6107",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.862 [2.908, 3.986]\ncpu ms: 140.6\npeak MB: 6.4\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fdf",
            "value": 32.906,
            "range": "\u00b1 4.9841",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.279 [1.195, 2.207]\ncpu ms: 52.2\npeak MB: 11.6\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / ripgrep",
            "value": 96.588,
            "range": "\u00b1 2.2155",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.083 [3.541, 4.423]\ncpu ms: 153.3\npeak MB: 7.9\nread bytes: 0"
          },
          {
            "name": "wide-small, names, 2 threads / fdir",
            "value": 307.46,
            "range": "\u00b1 13.223",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 13.032 [10.844, 14.268]\ncpu ms: 354.3\npeak MB: 69.8\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / aether",
            "value": 592.01,
            "range": "\u00b1 18.051",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 583.0\npeak MB: 2.5\nread bytes: 0\ntarget: 677.422 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, metadata, 1 thread / floor",
            "value": 541.94,
            "range": "\u00b1 18.747",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.924 [0.897, 1.024] (cannot tell)\ncpu ms: 540.4\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / zlob",
            "value": 581.11,
            "range": "\u00b1 30.655",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.039 [0.965, 1.050] (cannot tell)\ncpu ms: 580.7\npeak MB: 31.3\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / find",
            "value": 1188.0,
            "range": "\u00b1 83.223",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.124 [1.970, 2.198]\ncpu ms: 1182.3\npeak MB: 31.4\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / fd",
            "value": 1751.2,
            "range": "\u00b1 77.579",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.958 [2.813, 3.586]\ncpu ms: 2972.6\npeak MB: 127.6\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / fdf",
            "value": 632.47,
            "range": "\u00b1 26.682",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.144 [1.086, 1.149]\ncpu ms: 607.5\npeak MB: 9.6\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / bfs",
            "value": 883.43,
            "range": "\u00b1 44.202",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.544 [1.506, 1.699]\ncpu ms: 867.8\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / dua",
            "value": 3447.9,
            "range": "\u00b1 89.799",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 6.026 [5.672, 6.513]\ncpu ms: 3434.6\npeak MB: 224.2\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / dust",
            "value": 1574.5,
            "range": "\u00b1 111.89",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.718 [2.556, 3.107]\ncpu ms: 1548.3\npeak MB: 76.9\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / gdu",
            "value": 1895.9,
            "range": "\u00b1 50.713",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.453 [3.228, 3.557]\ncpu ms: 1863.4\npeak MB: 216.7\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 1 thread / os.scandir",
            "value": 1170.8,
            "range": "\u00b1 26.963",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.146 [1.894, 2.233]\ncpu ms: 1161.3\npeak MB: 10.4\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / aether",
            "value": 280.18,
            "range": "\u00b1 13.14",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 515.1\npeak MB: 2.7\nread bytes: 0\ntarget: 331.787 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, metadata, 2 threads / floor",
            "value": 265.43,
            "range": "\u00b1 12.299",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.963 [0.947, 0.987]\ncpu ms: 516.9\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / zlob",
            "value": 501.0,
            "range": "\u00b1 11.358",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.838 [1.748, 1.902]\ncpu ms: 499.5\npeak MB: 31.3\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / fd",
            "value": 841.87,
            "range": "\u00b1 41.587",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.976 [2.786, 3.214]\ncpu ms: 1477.8\npeak MB: 110.6\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / fdf",
            "value": 502.94,
            "range": "\u00b1 8.5005",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.840 [1.692, 1.882]\ncpu ms: 991.9\npeak MB: 11.6\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / dua",
            "value": 3110.3,
            "range": "\u00b1 118.43",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 11.164 [10.386, 12.030]\ncpu ms: 3103.8\npeak MB: 224.1\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / dust",
            "value": 1027.2,
            "range": "\u00b1 26.953",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.739 [3.370, 3.831]\ncpu ms: 1379.4\npeak MB: 77.0\nread bytes: 0"
          },
          {
            "name": "flat, metadata, 2 threads / gdu",
            "value": 1801.8,
            "range": "\u00b1 49.335",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 6.228 [5.790, 6.879]\ncpu ms: 1820.7\npeak MB: 216.8\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / aether",
            "value": 88.673,
            "range": "\u00b1 2.7323",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 86.4\npeak MB: 2.4\nread bytes: 0\ntarget: 101.541 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, names, 1 thread / floor",
            "value": 81.233,
            "range": "\u00b1 2.0728",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.939 [0.845, 0.968]\ncpu ms: 80.8\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / zlob",
            "value": 110.23,
            "range": "\u00b1 6.7072",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.171 [1.037, 1.243]\ncpu ms: 103.3\npeak MB: 10.7\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / find",
            "value": 380.92,
            "range": "\u00b1 19.853",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.263 [3.931, 4.721]\ncpu ms: 380.0\npeak MB: 31.4\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fd",
            "value": 512.59,
            "range": "\u00b1 30.079",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.614 [5.067, 6.514]\ncpu ms: 590.4\npeak MB: 127.2\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fdf",
            "value": 167.98,
            "range": "\u00b1 15.8",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.716 [1.658, 2.040]\ncpu ms: 169.8\npeak MB: 9.4\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / bfs",
            "value": 166.64,
            "range": "\u00b1 10.66",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.811 [1.362, 1.938]\ncpu ms: 165.1\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / ripgrep",
            "value": 195.13,
            "range": "\u00b1 13.408",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.130 [1.578, 2.307]\ncpu ms: 192.9\npeak MB: 4.6\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / fdir",
            "value": 666.5,
            "range": "\u00b1 46.255",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 7.732 [6.318, 8.296]\ncpu ms: 695.1\npeak MB: 151.1\nread bytes: 0"
          },
          {
            "name": "flat, names, 1 thread / os.scandir",
            "value": 217.72,
            "range": "\u00b1 13.707",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.422 [2.324, 3.175]\ncpu ms: 217.1\npeak MB: 10.4\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / aether",
            "value": 113.05,
            "range": "\u00b1 4.7091",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 96.6\npeak MB: 2.6\nread bytes: 0\ntarget: 129.124 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, names, 2 threads / floor",
            "value": 103.3,
            "range": "\u00b1 5.0871",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.945 [0.865, 1.029] (cannot tell)\ncpu ms: 172.2\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / zlob",
            "value": 114.68,
            "range": "\u00b1 6.18",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.026 [0.920, 1.113] (cannot tell)\ncpu ms: 114.1\npeak MB: 10.7\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fd",
            "value": 304.61,
            "range": "\u00b1 16.123",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.036 [2.515, 3.231]\ncpu ms: 426.8\npeak MB: 44.8\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fdf",
            "value": 142.28,
            "range": "\u00b1 8.3363",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.259 [1.153, 1.467]\ncpu ms: 275.0\npeak MB: 11.5\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / ripgrep",
            "value": 316.55,
            "range": "\u00b1 16.074",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.864 [2.768, 3.199]\ncpu ms: 477.8\npeak MB: 40.8\nread bytes: 0"
          },
          {
            "name": "flat, names, 2 threads / fdir",
            "value": 673.79,
            "range": "\u00b1 21.452",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 6.150 [5.760, 6.630]\ncpu ms: 693.8\npeak MB: 154.2\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / aether",
            "value": 228.25,
            "range": "\u00b1 19.171",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 213.3\npeak MB: 2.8\nread bytes: 0\ntarget: 229.609 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: fdf (MAD over 10% of the median)"
          },
          {
            "name": "deep, metadata, 1 thread / floor",
            "value": 183.69,
            "range": "\u00b1 16.247",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.808 [0.778, 0.884]\ncpu ms: 176.1\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / zlob",
            "value": 194.19,
            "range": "\u00b1 17.391",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.882 [0.851, 1.025] (cannot tell)\ncpu ms: 193.6\npeak MB: 2.7\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / find",
            "value": 380.99,
            "range": "\u00b1 15.087",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.786 [1.549, 2.051]\ncpu ms: 365.6\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / fd",
            "value": 1147.8,
            "range": "\u00b1 22.802",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.015 [4.737, 6.240]\ncpu ms: 1354.0\npeak MB: 6.8\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / fdf",
            "value": 478.67,
            "range": "\u00b1 49.758",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.113 [1.734, 2.523]\ncpu ms: 481.9\npeak MB: 11.6\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / bfs",
            "value": 404.49,
            "range": "\u00b1 11.999",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.863 [1.629, 2.244]\ncpu ms: 402.3\npeak MB: 5.3\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / dua",
            "value": 30311.0,
            "range": "\u00b1 879.96",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 135.831 [125.670, 168.132]\ncpu ms: 30397.4\npeak MB: 7.2\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / dust",
            "value": 1150.5,
            "range": "\u00b1 47.007",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 5.239 [4.636, 6.143]\ncpu ms: 1150.3\npeak MB: 45.6\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / gdu",
            "value": 2628.0,
            "range": "\u00b1 170.83",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 11.953 [10.961, 13.163]\ncpu ms: 2633.6\npeak MB: 111.2\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 1 thread / os.scandir",
            "value": 1094.8,
            "range": "\u00b1 27.959",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.919 [4.519, 5.492]\ncpu ms: 1094.4\npeak MB: 10.5\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / aether",
            "value": 131.92,
            "range": "\u00b1 0.16841",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 233.9\npeak MB: 3.1\nread bytes: 0\ntarget: 131.158 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "deep, metadata, 2 threads / floor",
            "value": 104.93,
            "range": "\u00b1 4.108",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.763 [0.745, 0.809]\ncpu ms: 197.8\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / zlob",
            "value": 99.08,
            "range": "\u00b1 4.2115",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.782 [0.717, 0.807]\ncpu ms: 194.8\npeak MB: 2.9\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / fd",
            "value": 497.73,
            "range": "\u00b1 21.817",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.977 [3.645, 4.246]\ncpu ms: 988.6\npeak MB: 7.6\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / fdf",
            "value": 211.68,
            "range": "\u00b1 12.692",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.621 [1.482, 1.851]\ncpu ms: 415.2\npeak MB: 13.6\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / dua",
            "value": 14054.0,
            "range": "\u00b1 571.39",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 107.760 [104.357, 114.845]\ncpu ms: 27695.0\npeak MB: 7.8\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / dust",
            "value": 579.44,
            "range": "\u00b1 29.942",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.476 [4.090, 4.735]\ncpu ms: 1123.8\npeak MB: 45.9\nread bytes: 0"
          },
          {
            "name": "deep, metadata, 2 threads / gdu",
            "value": 1173.2,
            "range": "\u00b1 58.976",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 8.894 [8.456, 9.198]\ncpu ms: 2169.5\npeak MB: 111.4\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / aether",
            "value": 152.29,
            "range": "\u00b1 5.1196",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 138.7\npeak MB: 2.7\nread bytes: 0\ntarget: 146.078 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "deep, names, 1 thread / floor",
            "value": 116.86,
            "range": "\u00b1 8.674",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.794 [0.677, 0.870]\ncpu ms: 116.6\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / zlob",
            "value": 147.29,
            "range": "\u00b1 9.655",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.876 [0.787, 0.961]\ncpu ms: 145.1\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / find",
            "value": 274.47,
            "range": "\u00b1 19.083",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.784 [1.684, 1.940]\ncpu ms: 273.8\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fd",
            "value": 544.15,
            "range": "\u00b1 8.7904",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.470 [3.167, 3.756]\ncpu ms: 791.8\npeak MB: 6.5\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fdf",
            "value": 387.91,
            "range": "\u00b1 29.995",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.480 [2.444, 2.668]\ncpu ms: 397.2\npeak MB: 11.5\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / bfs",
            "value": 274.15,
            "range": "\u00b1 13.632",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.805 [1.595, 2.017]\ncpu ms: 268.8\npeak MB: 5.3\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / ripgrep",
            "value": 417.94,
            "range": "\u00b1 5.6478",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.759 [2.467, 2.835]\ncpu ms: 416.3\npeak MB: 5.2\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / fdir",
            "value": 613.62,
            "range": "\u00b1 50.962",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.011 [3.445, 4.376]\ncpu ms: 614.2\npeak MB: 74.9\nread bytes: 0"
          },
          {
            "name": "deep, names, 1 thread / os.scandir",
            "value": 442.35,
            "range": "\u00b1 38.745",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.020 [2.708, 3.313]\ncpu ms: 440.2\npeak MB: 10.5\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / aether",
            "value": 92.478,
            "range": "\u00b1 7.8732",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 156.1\npeak MB: 3.0\nread bytes: 0\ntarget: 85.735 (1.25 \u00d7 floor, missed)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "deep, names, 2 threads / floor",
            "value": 68.588,
            "range": "\u00b1 1.8109",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.727 [0.678, 0.776]\ncpu ms: 134.4\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / zlob",
            "value": 81.343,
            "range": "\u00b1 2.5322",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.856 [0.779, 0.888]\ncpu ms: 158.6\npeak MB: 2.7\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fd",
            "value": 289.34,
            "range": "\u00b1 11.341",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.101 [2.768, 3.175]\ncpu ms: 549.1\npeak MB: 8.1\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fdf",
            "value": 232.14,
            "range": "\u00b1 5.8696",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.318 [2.287, 2.542]\ncpu ms: 433.2\npeak MB: 13.7\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / ripgrep",
            "value": 294.36,
            "range": "\u00b1 11.782",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.260 [2.909, 3.354]\ncpu ms: 572.0\npeak MB: 6.9\nread bytes: 0"
          },
          {
            "name": "deep, names, 2 threads / fdir",
            "value": 826.56,
            "range": "\u00b1 13.741",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 8.899 [8.146, 9.364]\ncpu ms: 1492.6\npeak MB: 73.4\nread bytes: 0"
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
      },
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795986718765,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, metadata, 1 thread / aether",
            "value": 817.02,
            "range": "\u00b1 26.455",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1226.3\npeak MB: 44.2\nread bytes: 0\ntarget: 916.875 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, metadata, 1 thread / aether, +sbwt none",
            "value": 825.68,
            "range": "\u00b1 28.593",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.023 [0.999, 1.211] (cannot tell)\ncpu ms: 1103.6\npeak MB: 43.8\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / aether, active: 16",
            "value": 859.02,
            "range": "\u00b1 79.972",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.080 [0.943, 1.311] (cannot tell)\ncpu ms: 1233.9\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / the core alone",
            "value": 784.91,
            "range": "\u00b1 55.043",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.961 [0.903, 1.119] (cannot tell)\ncpu ms: 791.1\npeak MB: 2.7\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 1 thread / floor",
            "value": 733.5,
            "range": "\u00b1 20.794",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.922 [0.872, 1.098] (cannot tell)\ncpu ms: 734.2\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, metadata, 1 thread / zlob",
            "value": 887.91,
            "range": "\u00b1 41.968",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.976 [0.956, 1.093] (cannot tell)\ncpu ms: 889.4\npeak MB: 5.2\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / aether",
            "value": 443.82,
            "range": "\u00b1 12.031",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1207.3\npeak MB: 44.5\nread bytes: 0\ntarget: 519.294 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, metadata, 2 threads / aether, +sbwt none",
            "value": 447.08,
            "range": "\u00b1 21.7",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.985 [0.957, 1.001] (cannot tell)\ncpu ms: 1167.3\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / aether, active: 16",
            "value": 494.47,
            "range": "\u00b1 18.755",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.049 [1.042, 1.114]\ncpu ms: 1287.3\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / the core alone",
            "value": 448.0,
            "range": "\u00b1 9.3056",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.004 [0.937, 1.060] (cannot tell)\ncpu ms: 893.9\npeak MB: 2.9\nread bytes: 0\nvariant"
          },
          {
            "name": "real, metadata, 2 threads / floor",
            "value": 415.43,
            "range": "\u00b1 22.376",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.935 [0.910, 0.956]\ncpu ms: 831.6\npeak MB: 2.0\nread bytes: 0"
          },
          {
            "name": "real, metadata, 2 threads / zlob",
            "value": 437.71,
            "range": "\u00b1 17.641",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.969 [0.957, 0.986]\ncpu ms: 858.9\npeak MB: 7.7\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / aether",
            "value": 311.77,
            "range": "\u00b1 24.407",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 678.8\npeak MB: 44.2\nread bytes: 0\ntarget: 311.98 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, names, 1 thread / aether, +sbwt none",
            "value": 281.2,
            "range": "\u00b1 8.3075",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.929 [0.841, 1.021] (cannot tell)\ncpu ms: 566.2\npeak MB: 44.2\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 1 thread / aether, active: 16",
            "value": 288.18,
            "range": "\u00b1 10.873",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.965 [0.871, 1.024] (cannot tell)\ncpu ms: 697.9\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 1 thread / the core alone",
            "value": 267.08,
            "range": "\u00b1 8.7326",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.960 [0.899, 0.974]\ncpu ms: 268.3\npeak MB: 2.6\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 1 thread / floor",
            "value": 249.58,
            "range": "\u00b1 12.442",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.823 [0.779, 0.850]\ncpu ms: 251.0\npeak MB: 1.9\nread bytes: 0"
          },
          {
            "name": "real, names, 1 thread / zlob",
            "value": 286.65,
            "range": "\u00b1 24.67",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.980 [0.852, 1.041] (cannot tell)\ncpu ms: 288.2\npeak MB: 3.9\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / aether",
            "value": 156.5,
            "range": "\u00b1 5.2414",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 596.8\npeak MB: 44.6\nread bytes: 0\ntarget: 164.039 (1.25 \u00d7 floor, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, names, 2 threads / aether, +sbwt none",
            "value": 160.4,
            "range": "\u00b1 5.1432",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.016 [0.900, 1.061] (cannot tell)\ncpu ms: 580.8\npeak MB: 44.2\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / aether, active: 16",
            "value": 160.27,
            "range": "\u00b1 7.7156",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.979 [0.965, 1.088] (cannot tell)\ncpu ms: 613.1\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / the core alone",
            "value": 149.86,
            "range": "\u00b1 6.9182",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.941 [0.887, 1.007] (cannot tell)\ncpu ms: 298.4\npeak MB: 2.9\nread bytes: 0\nvariant"
          },
          {
            "name": "real, names, 2 threads / floor",
            "value": 131.23,
            "range": "\u00b1 7.5273",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.850 [0.778, 0.906]\ncpu ms: 264.2\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "real, names, 2 threads / zlob",
            "value": 149.26,
            "range": "\u00b1 6.3228",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.951 [0.871, 1.001] (cannot tell)\ncpu ms: 299.1\npeak MB: 4.3\nread bytes: 0"
          },
          {
            "name": "Scanner.info, a call / aether",
            "value": 252.6,
            "range": "\u00b1 11.8",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 389.3\npeak MB: 44.2\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "Scanner.ask, a call / aether",
            "value": 99.7,
            "range": "\u00b1 7.4",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 389.3\npeak MB: 44.2\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "Scanner.cancel, a call / aether",
            "value": 73.6,
            "range": "\u00b1 12.3",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 389.3\npeak MB: 44.2\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "Aether.info, a call / aether",
            "value": 301.7,
            "range": "\u00b1 17.4",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 389.3\npeak MB: 44.2\nread bytes: 0\ntarget: 1000 (1000 ns, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          }
        ]
      }
    ],
    "first entry": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303067389,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, cold process, default flags / aether",
            "value": 2.2382,
            "range": "\u00b1 0.13525",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 209.8\npeak MB: 43.7\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, cold process, default flags / File.ls, then lstat",
            "value": 3.2128,
            "range": "\u00b1 0.13848",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.486 [1.378, 1.528]\ncpu ms: 223.4\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "real, cold process, default flags / Port to find",
            "value": 2.5579,
            "range": "\u00b1 0.088631",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.103 [1.081, 1.286]\ncpu ms: 223.9\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "real, cold process, default flags / Port to fd",
            "value": 4.7862,
            "range": "\u00b1 0.29934",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.116 [1.911, 2.603]\ncpu ms: 209.1\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / aether",
            "value": 3.743,
            "range": "\u00b1 0.77998",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 252.2\npeak MB: 43.9\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, cold process, +sbwt none / File.ls, then lstat",
            "value": 4.1253,
            "range": "\u00b1 0.21394",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.059 [1.013, 1.402]\ncpu ms: 231.0\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / Port to find",
            "value": 2.6131,
            "range": "\u00b1 0.083224",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.723 [0.621, 1.037] (cannot tell)\ncpu ms: 222.7\npeak MB: 42.8\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / Port to fd",
            "value": 5.0161,
            "range": "\u00b1 0.27734",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.414 [1.232, 1.923]\ncpu ms: 220.6\npeak MB: 43.4\nread bytes: 0"
          },
          {
            "name": "real, running VM, median of 100 / aether",
            "value": 0.088,
            "range": "\u00b1 0.0105",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 254.5\npeak MB: 43.5\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, running VM, p99 of 100 / aether",
            "value": 0.2146,
            "range": "\u00b1 0.0378",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 254.5\npeak MB: 43.5\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, cold process, default flags / aether",
            "value": 2.985,
            "range": "\u00b1 0.24016",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 283.0\npeak MB: 44.0\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, cold process, default flags / File.ls, then lstat",
            "value": 576.93,
            "range": "\u00b1 28.218",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 204.127 [176.726, 208.328]\ncpu ms: 841.7\npeak MB: 464.5\nread bytes: 0"
          },
          {
            "name": "flat, cold process, default flags / Port to find",
            "value": 68.293,
            "range": "\u00b1 1.2424",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 24.746 [20.372, 26.130]\ncpu ms: 245.2\npeak MB: 43.3\nread bytes: 0"
          },
          {
            "name": "flat, cold process, default flags / Port to fd",
            "value": 114.27,
            "range": "\u00b1 1.8955",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 38.281 [34.136, 40.517]\ncpu ms: 289.5\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "flat, cold process, +sbwt none / aether",
            "value": 3.3303,
            "range": "\u00b1 0.4839",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 238.4\npeak MB: 44.1\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: Port to find 4,096 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, cold process, +sbwt none / File.ls, then lstat",
            "value": 609.31,
            "range": "\u00b1 23.705",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 172.945 [96.364, 214.066]\ncpu ms: 826.4\npeak MB: 464.2\nread bytes: 0"
          },
          {
            "name": "flat, cold process, +sbwt none / Port to find",
            "value": 72.737,
            "range": "\u00b1 3.2855",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 22.828 [11.061, 28.113]\ncpu ms: 231.5\npeak MB: 43.0\nread bytes: 4096"
          },
          {
            "name": "flat, cold process, +sbwt none / Port to fd",
            "value": 114.3,
            "range": "\u00b1 2.8109",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 36.889 [17.982, 40.155]\ncpu ms: 221.8\npeak MB: 43.1\nread bytes: 0"
          },
          {
            "name": "flat, running VM, median of 100 / aether",
            "value": 0.629,
            "range": "\u00b1 0.0724",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 685.3\npeak MB: 44.6\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, running VM, p99 of 100 / aether",
            "value": 7.5887,
            "range": "\u00b1 1.8986",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 685.3\npeak MB: 44.6\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, default flags / aether",
            "value": 2.9773,
            "range": "\u00b1 0.49743",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 237.0\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, File.ls, then lstat (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, default flags / File.ls, then lstat",
            "value": 3.6155,
            "range": "\u00b1 0.4132",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.284 [1.010, 1.511]\ncpu ms: 240.3\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "wide, cold process, default flags / Port to find",
            "value": 2.9806,
            "range": "\u00b1 0.14734",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.123 [0.861, 1.248] (cannot tell)\ncpu ms: 253.5\npeak MB: 43.1\nread bytes: 0"
          },
          {
            "name": "wide, cold process, default flags / Port to fd",
            "value": 4.5369,
            "range": "\u00b1 0.27607",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.499 [1.346, 2.365]\ncpu ms: 240.9\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / aether",
            "value": 3.0762,
            "range": "\u00b1 0.3953",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 196.0\npeak MB: 43.6\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, +sbwt none / File.ls, then lstat",
            "value": 4.0975,
            "range": "\u00b1 0.17143",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.402 [1.314, 1.674]\ncpu ms: 216.0\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / Port to find",
            "value": 2.5651,
            "range": "\u00b1 0.20885",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.862 [0.679, 0.998]\ncpu ms: 219.6\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / Port to fd",
            "value": 5.004,
            "range": "\u00b1 0.39115",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.466 [1.293, 1.975]\ncpu ms: 220.2\npeak MB: 43.4\nread bytes: 0"
          },
          {
            "name": "wide, running VM, median of 100 / aether",
            "value": 0.141,
            "range": "\u00b1 0.0247",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 305.0\npeak MB: 43.9\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, running VM, p99 of 100 / aether",
            "value": 0.2953,
            "range": "\u00b1 0.0135",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 305.0\npeak MB: 43.9\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          }
        ]
      },
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795986794749,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, cold process, default flags / aether",
            "value": 4.8865,
            "range": "\u00b1 0.61029",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 303.4\npeak MB: 43.7\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, Port to find, Port to fd (MAD over 10% of the median)"
          },
          {
            "name": "real, cold process, default flags / File.ls, then lstat",
            "value": 5.5535,
            "range": "\u00b1 0.30972",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.087 [1.001, 1.119]\ncpu ms: 279.5\npeak MB: 43.5\nread bytes: 0"
          },
          {
            "name": "real, cold process, default flags / Port to find",
            "value": 3.0319,
            "range": "\u00b1 0.5673",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.904 [0.511, 1.048] (cannot tell)\ncpu ms: 292.3\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "real, cold process, default flags / Port to fd",
            "value": 6.1096,
            "range": "\u00b1 0.65068",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.373 [1.095, 1.873]\ncpu ms: 320.3\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / aether",
            "value": 5.3264,
            "range": "\u00b1 0.63247",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 272.3\npeak MB: 43.4\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, Port to find, Port to fd (MAD over 10% of the median)"
          },
          {
            "name": "real, cold process, +sbwt none / File.ls, then lstat",
            "value": 5.9117,
            "range": "\u00b1 0.31072",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.141 [0.759, 1.259] (cannot tell)\ncpu ms: 280.1\npeak MB: 42.8\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / Port to find",
            "value": 2.9352,
            "range": "\u00b1 0.3068",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.525 [0.495, 0.560]\ncpu ms: 264.7\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "real, cold process, +sbwt none / Port to fd",
            "value": 5.7753,
            "range": "\u00b1 0.83962",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.355 [1.028, 1.639]\ncpu ms: 270.4\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "real, running VM, median of 100 / aether",
            "value": 0.0535,
            "range": "\u00b1 0.0074",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 323.1\npeak MB: 43.4\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "real, running VM, p99 of 100 / aether",
            "value": 0.1582,
            "range": "\u00b1 0.0754",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 323.1\npeak MB: 43.4\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, cold process, default flags / aether",
            "value": 4.7934,
            "range": "\u00b1 1.091",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 345.4\npeak MB: 43.9\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, cold process, default flags / File.ls, then lstat",
            "value": 850.99,
            "range": "\u00b1 21.587",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 170.824 [137.650, 236.862]\ncpu ms: 1226.7\npeak MB: 464.0\nread bytes: 0"
          },
          {
            "name": "flat, cold process, default flags / Port to find",
            "value": 84.974,
            "range": "\u00b1 1.8508",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 17.341 [13.544, 23.179]\ncpu ms: 310.0\npeak MB: 43.0\nread bytes: 0"
          },
          {
            "name": "flat, cold process, default flags / Port to fd",
            "value": 135.17,
            "range": "\u00b1 10.094",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 26.172 [23.043, 31.657]\ncpu ms: 295.2\npeak MB: 42.7\nread bytes: 0"
          },
          {
            "name": "flat, cold process, +sbwt none / aether",
            "value": 5.4311,
            "range": "\u00b1 1.0653",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 276.1\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, cold process, +sbwt none / File.ls, then lstat",
            "value": 887.06,
            "range": "\u00b1 21.534",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 158.720 [129.699, 189.076]\ncpu ms: 1202.4\npeak MB: 464.5\nread bytes: 0"
          },
          {
            "name": "flat, cold process, +sbwt none / Port to find",
            "value": 91.665,
            "range": "\u00b1 2.7708",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 17.030 [12.465, 20.765]\ncpu ms: 275.8\npeak MB: 43.1\nread bytes: 0"
          },
          {
            "name": "flat, cold process, +sbwt none / Port to fd",
            "value": 134.3,
            "range": "\u00b1 2.9605",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 23.102 [19.637, 33.511]\ncpu ms: 299.3\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "flat, running VM, median of 100 / aether",
            "value": 0.2632,
            "range": "\u00b1 0.0544",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 505.1\npeak MB: 44.2\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, running VM, p99 of 100 / aether",
            "value": 3.9483,
            "range": "\u00b1 2.299",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 505.1\npeak MB: 44.2\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, default flags / aether",
            "value": 3.4402,
            "range": "\u00b1 0.17486",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 308.9\npeak MB: 43.9\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: Port to find, Port to fd (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, default flags / File.ls, then lstat",
            "value": 5.5291,
            "range": "\u00b1 0.29199",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.538 [0.460, 1.607] (cannot tell)\ncpu ms: 304.1\npeak MB: 43.1\nread bytes: 0"
          },
          {
            "name": "wide, cold process, default flags / Port to find",
            "value": 2.6398,
            "range": "\u00b1 0.3358",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.706 [0.250, 0.833]\ncpu ms: 314.1\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "wide, cold process, default flags / Port to fd",
            "value": 5.0507,
            "range": "\u00b1 0.61044",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.298 [0.506, 1.942] (cannot tell)\ncpu ms: 336.5\npeak MB: 43.1\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / aether",
            "value": 5.0537,
            "range": "\u00b1 0.77855",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 274.3\npeak MB: 43.1\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, File.ls, then lstat, Port to find, Port to fd (MAD over 10% of the median)"
          },
          {
            "name": "wide, cold process, +sbwt none / File.ls, then lstat",
            "value": 5.9219,
            "range": "\u00b1 0.77991",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.178 [0.899, 1.380] (cannot tell)\ncpu ms: 252.4\npeak MB: 43.2\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / Port to find",
            "value": 2.7425,
            "range": "\u00b1 0.38841",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.567 [0.540, 0.769]\ncpu ms: 277.8\npeak MB: 42.8\nread bytes: 0"
          },
          {
            "name": "wide, cold process, +sbwt none / Port to fd",
            "value": 6.2462,
            "range": "\u00b1 1.6003",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.421 [1.218, 1.537]\ncpu ms: 278.3\npeak MB: 42.9\nread bytes: 0"
          },
          {
            "name": "wide, running VM, median of 100 / aether",
            "value": 0.0655,
            "range": "\u00b1 0.0192",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 352.2\npeak MB: 43.6\nread bytes: 0\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, running VM, p99 of 100 / aether",
            "value": 0.1354,
            "range": "\u00b1 0.0405",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 352.2\npeak MB: 43.6\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "100 parallel scans": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303097375,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "mixed-small, all entries of all, default flags / aether",
            "value": 547.26,
            "range": "\u00b1 13.677",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1353.1\npeak MB: 77.0\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, default flags / one after the other",
            "value": 676.42,
            "range": "\u00b1 14.141",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.239 [1.190, 1.334]\ncpu ms: 1502.2\npeak MB: 45.0\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, default flags / aether",
            "value": 89.724,
            "range": "\u00b1 1.9517",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1353.1\npeak MB: 77.0\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / aether",
            "value": 570.15,
            "range": "\u00b1 25.355",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1364.0\npeak MB: 73.6\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / one after the other",
            "value": 664.38,
            "range": "\u00b1 18.116",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.175 [1.111, 1.351]\ncpu ms: 1449.2\npeak MB: 44.7\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, +sbwt none / aether",
            "value": 87.617,
            "range": "\u00b1 5.8534",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1364.0\npeak MB: 73.6\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "100 tiny ones beside 1,000,000 files, p99 of the first entry / aether",
            "value": 2.4474,
            "range": "\u00b1 0.9045",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 346.7\npeak MB: 45.5\nread bytes: 430080\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 430,080 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      },
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795986820769,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "mixed-small, all entries of all, default flags / aether",
            "value": 457.21,
            "range": "\u00b1 20.21",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1223.3\npeak MB: 79.0\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, default flags / one after the other",
            "value": 417.88,
            "range": "\u00b1 23.204",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.920 [0.886, 1.040] (cannot tell)\ncpu ms: 1129.3\npeak MB: 43.7\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, default flags / aether",
            "value": 100.91,
            "range": "\u00b1 1.5745",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1223.3\npeak MB: 79.0\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / aether",
            "value": 427.98,
            "range": "\u00b1 24.396",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1090.1\npeak MB: 78.9\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / one after the other",
            "value": 428.43,
            "range": "\u00b1 9.2163",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.949 [0.814, 1.023] (cannot tell)\ncpu ms: 1099.9\npeak MB: 44.0\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, +sbwt none / aether",
            "value": 97.815,
            "range": "\u00b1 1.1644",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1090.1\npeak MB: 78.9\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          }
        ]
      },
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
          "id": "a93364c888afde34ccea3ce84248d1e1259965a6",
          "message": "Let the sanitizer's run pass where it should",
          "timestamp": "2026-11-30T02:09:16Z",
          "url": ""
        },
        "date": 1796005986364,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "mixed-small, all entries of all, default flags / aether",
            "value": 436.84,
            "range": "\u00b1 26.382",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1143.7\npeak MB: 79.1\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, default flags / one after the other",
            "value": 415.49,
            "range": "\u00b1 23.253",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.986 [0.947, 1.012] (cannot tell)\ncpu ms: 1131.9\npeak MB: 44.6\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, default flags / aether",
            "value": 101.37,
            "range": "\u00b1 1.4618",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1143.7\npeak MB: 79.1\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / aether",
            "value": 488.51,
            "range": "\u00b1 28.199",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1250.5\npeak MB: 79.3\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: one after the other (MAD over 10% of the median)"
          },
          {
            "name": "mixed-small, all entries of all, +sbwt none / one after the other",
            "value": 457.25,
            "range": "\u00b1 54.594",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.991 [0.908, 1.062] (cannot tell)\ncpu ms: 1134.0\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "mixed-small, the slowest first entry, +sbwt none / aether",
            "value": 101.45,
            "range": "\u00b1 4.0231",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1250.5\npeak MB: 79.3\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "100 tiny ones beside 1,000,000 files, p99 of the first entry / aether",
            "value": 4.2871,
            "range": "\u00b1 1.4996",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 342.6\npeak MB: 44.9\nread bytes: 954368\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 954,368 bytes\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "1,000,000 files": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303146152,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "wide, growth of memory / aether",
            "value": 0.12,
            "range": "\u00b1 0.01",
            "unit": "MB",
            "extra": "median of 7 rounds\ncpu ms: 2206.6\npeak MB: 44.2\nread bytes: 151552\ntarget: 64 (64 MB, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 151,552 bytes, Aether.Scanner.list 8,192 bytes\nwarning: too noisy to tell much: active: true, read at once (MAD over 10% of the median)\nseries: 0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,-0.9,-0.9,-0.9,-0.9"
          },
          {
            "name": "wide, growth of memory / active: true, read at once",
            "value": 0.01,
            "range": "\u00b1 0.04",
            "unit": "MB",
            "extra": "median of 7 rounds\nratio to ours: 0.439 [0.083, 12.250] (cannot tell)\ncpu ms: 2128.6\npeak MB: 44.2\nread bytes: 0\nvariant\nseries: 0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,-0.9,-0.9"
          },
          {
            "name": "wide, growth of memory / active: true, read when all is there",
            "value": 31.56,
            "range": "\u00b1 0.06",
            "unit": "MB",
            "extra": "median of 7 rounds\nratio to ours: 263.000 [242.308, 395.125]\ncpu ms: 2081.6\npeak MB: 75.4\nread bytes: 0\nvariant\nseries: 0.5,1.9,3.1,4.6,6.5,8.3,10.2,11.7,13.8,15.2,16.8,18.3,19.7,21.6,23.2,25.0,26.6,27.8,28.9,30.0,30.9,31.5"
          },
          {
            "name": "wide, growth of memory / Aether.Scanner.list",
            "value": 856.32,
            "range": "\u00b1 2.95",
            "unit": "MB",
            "extra": "median of 7 rounds\nratio to ours: 7153.833 [5171.538, 8389.750]\ncpu ms: 2985.8\npeak MB: 900.2\nread bytes: 8192\nvariant\nseries: 2.9,6.3,9.6,13.2,16.2,19.1,21.2,23.6,24.3,26.2,28.1,30.2,68.4,122.9,177.6,236.9,324.9,385.8,421.0,471.0,564.5,646.7,665.2"
          }
        ]
      }
    ],
    "cancel latency": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303259444,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "wide, to the summary, median of 15, default flags / aether",
            "value": 0.1288,
            "range": "\u00b1 0.0306",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2906.4\npeak MB: 43.6\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, to the summary, slowest of 15, default flags / aether",
            "value": 1.5767,
            "range": "\u00b1 1.2582",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2906.4\npeak MB: 43.6\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, median of 15, default flags / aether",
            "value": 0.1989,
            "range": "\u00b1 0.0648",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2906.4\npeak MB: 43.6\nread bytes: 8192\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, slowest of 15, default flags / aether",
            "value": 5.869,
            "range": "\u00b1 1.823",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2906.4\npeak MB: 43.6\nread bytes: 8192\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, to the summary, median of 15, +sbwt none / aether",
            "value": 0.3222,
            "range": "\u00b1 0.1232",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3034.5\npeak MB: 44.1\nread bytes: 20480\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, to the summary, slowest of 15, +sbwt none / aether",
            "value": 7.8107,
            "range": "\u00b1 1.4597",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3034.5\npeak MB: 44.1\nread bytes: 20480\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, median of 15, +sbwt none / aether",
            "value": 3.3037,
            "range": "\u00b1 1.1005",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3034.5\npeak MB: 44.1\nread bytes: 20480\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, slowest of 15, +sbwt none / aether",
            "value": 9.4843,
            "range": "\u00b1 0.9878",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3034.5\npeak MB: 44.1\nread bytes: 20480\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, median of 15, default flags / aether",
            "value": 0.1052,
            "range": "\u00b1 0.0119",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3539.9\npeak MB: 43.8\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, slowest of 15, default flags / aether",
            "value": 2.1961,
            "range": "\u00b1 1.7391",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3539.9\npeak MB: 43.8\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, median of 15, default flags / aether",
            "value": 0.1812,
            "range": "\u00b1 0.049",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3539.9\npeak MB: 43.8\nread bytes: 8192\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, slowest of 15, default flags / aether",
            "value": 2.3199,
            "range": "\u00b1 1.152",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3539.9\npeak MB: 43.8\nread bytes: 8192\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, median of 15, +sbwt none / aether",
            "value": 0.1987,
            "range": "\u00b1 0.0988",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3069.3\npeak MB: 43.9\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, slowest of 15, +sbwt none / aether",
            "value": 7.6212,
            "range": "\u00b1 1.2056",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3069.3\npeak MB: 43.9\nread bytes: 8192\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, median of 15, +sbwt none / aether",
            "value": 1.3176,
            "range": "\u00b1 0.7556",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3069.3\npeak MB: 43.9\nread bytes: 8192\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, slowest of 15, +sbwt none / aether",
            "value": 8.7657,
            "range": "\u00b1 0.9344",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3069.3\npeak MB: 43.9\nread bytes: 8192\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 8,192 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "schedulers held for 10 ms and more, times in 2 s / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "events",
            "extra": "median of 7 rounds\ncpu ms: 4236.1\npeak MB: 44.1\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: others had 29% of the processors meanwhile"
          },
          {
            "name": "schedulers held for 10 ms and more, times in 2 s / no scan: the floor program, outside",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "events",
            "extra": "median of 7 rounds\ncpu ms: 254.8\npeak MB: 42.9\nread bytes: 0"
          }
        ]
      },
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795986911851,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "wide, to the summary, median of 15, default flags / aether",
            "value": 0.0944,
            "range": "\u00b1 0.0091",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2628.2\npeak MB: 43.9\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "wide, to the summary, slowest of 15, default flags / aether",
            "value": 0.2931,
            "range": "\u00b1 0.0516",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2628.2\npeak MB: 43.9\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, median of 15, default flags / aether",
            "value": 0.1893,
            "range": "\u00b1 0.0733",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2628.2\npeak MB: 43.9\nread bytes: 0\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, slowest of 15, default flags / aether",
            "value": 3.2922,
            "range": "\u00b1 1.2134",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2628.2\npeak MB: 43.9\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, to the summary, median of 15, +sbwt none / aether",
            "value": 1.3181,
            "range": "\u00b1 0.393",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2426.6\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, to the summary, slowest of 15, +sbwt none / aether",
            "value": 4.4552,
            "range": "\u00b1 0.7398",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2426.6\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, median of 15, +sbwt none / aether",
            "value": 2.4638,
            "range": "\u00b1 1.0073",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2426.6\npeak MB: 43.8\nread bytes: 0\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "wide, receiver killed to idle, slowest of 15, +sbwt none / aether",
            "value": 8.4624,
            "range": "\u00b1 0.3602",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2426.6\npeak MB: 43.8\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, to the summary, median of 15, default flags / aether",
            "value": 0.1004,
            "range": "\u00b1 0.0049",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3817.6\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, to the summary, slowest of 15, default flags / aether",
            "value": 0.3506,
            "range": "\u00b1 0.1513",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3817.6\npeak MB: 43.8\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, median of 15, default flags / aether",
            "value": 0.1315,
            "range": "\u00b1 0.0078",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3817.6\npeak MB: 43.8\nread bytes: 0\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, receiver killed to idle, slowest of 15, default flags / aether",
            "value": 4.2696,
            "range": "\u00b1 0.6772",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3817.6\npeak MB: 43.8\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, median of 15, +sbwt none / aether",
            "value": 1.1411,
            "range": "\u00b1 1.0196",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3286.8\npeak MB: 43.5\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, to the summary, slowest of 15, +sbwt none / aether",
            "value": 4.7518,
            "range": "\u00b1 0.1525",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3286.8\npeak MB: 43.5\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "flat, receiver killed to idle, median of 15, +sbwt none / aether",
            "value": 1.2707,
            "range": "\u00b1 1.0527",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3286.8\npeak MB: 43.5\nread bytes: 0\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "flat, receiver killed to idle, slowest of 15, +sbwt none / aether",
            "value": 5.1213,
            "range": "\u00b1 0.2874",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 3286.8\npeak MB: 43.5\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "schedulers held for 10 ms and more, times in 2 s / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "events",
            "extra": "median of 7 rounds\ncpu ms: 4299.6\npeak MB: 43.9\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: others had 33% of the processors meanwhile"
          },
          {
            "name": "schedulers held for 10 ms and more, times in 2 s / no scan: the floor program, outside",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "events",
            "extra": "median of 7 rounds\ncpu ms: 222.5\npeak MB: 43.1\nread bytes: 0"
          }
        ]
      }
    ],
    "index": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303562591,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "real, to the last commit / without an index",
            "value": 341.5,
            "range": "\u00b1 12.482",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.580 [0.577, 0.586]\ncpu ms: 864.9\npeak MB: 44.5\nread bytes: 0\nvariant"
          },
          {
            "name": "real, to the last commit / aether",
            "value": 589.1,
            "range": "\u00b1 15.265",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1286.4\npeak MB: 67.3\nread bytes: 0\ntarget: 682.995 (2 \u00d7 without an index, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, to the last commit / unchanged since",
            "value": 506.44,
            "range": "\u00b1 14.122",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.853 [0.838, 0.859]\ncpu ms: 1148.7\npeak MB: 66.8\nread bytes: 0\nvariant"
          },
          {
            "name": "real, to the last commit / unchanged since, slabs: false",
            "value": 525.54,
            "range": "\u00b1 20.416",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.906 [0.859, 0.933]\ncpu ms: 1176.0\npeak MB: 66.6\nread bytes: 0\nvariant"
          },
          {
            "name": "real, to the last commit / 1 % of the files changed",
            "value": 527.74,
            "range": "\u00b1 26.538",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.910 [0.839, 0.953]\ncpu ms: 1207.2\npeak MB: 66.9\nread bytes: 0\nvariant"
          },
          {
            "name": "real, the log written back afterwards / aether",
            "value": 69.429,
            "range": "\u00b1 2.3779",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1286.4\npeak MB: 67.3\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: unchanged since (MAD over 10% of the median)"
          },
          {
            "name": "real, the log written back afterwards / unchanged since",
            "value": 4.4546,
            "range": "\u00b1 0.48505",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.069 [0.051, 0.071]\ncpu ms: 1148.7\npeak MB: 66.8\nread bytes: 0\nvariant"
          },
          {
            "name": "real, the log written back afterwards / unchanged since, slabs: false",
            "value": 4.3716,
            "range": "\u00b1 0.38224",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.063 [0.057, 0.073]\ncpu ms: 1176.0\npeak MB: 66.6\nread bytes: 0\nvariant"
          },
          {
            "name": "real, the log written back afterwards / 1 % of the files changed",
            "value": 32.925,
            "range": "\u00b1 0.4946",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.472 [0.450, 0.581]\ncpu ms: 1207.2\npeak MB: 66.9\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, to the last commit / without an index",
            "value": 921.56,
            "range": "\u00b1 15.068",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.755 [0.749, 0.770]\ncpu ms: 2009.2\npeak MB: 43.6\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, to the last commit / aether",
            "value": 1224.0,
            "range": "\u00b1 18.479",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2536.3\npeak MB: 59.2\nread bytes: 20480\ntarget: 1843.12 (2 \u00d7 without an index, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes, 1 % of the files changed 151,552 bytes"
          },
          {
            "name": "wide, to the last commit / unchanged since",
            "value": 1068.0,
            "range": "\u00b1 27.083",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.878 [0.865, 0.919]\ncpu ms: 2327.3\npeak MB: 59.1\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, to the last commit / unchanged since, slabs: false",
            "value": 1042.2,
            "range": "\u00b1 20.978",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.873 [0.834, 0.892]\ncpu ms: 2283.1\npeak MB: 58.8\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, to the last commit / 1 % of the files changed",
            "value": 1243.9,
            "range": "\u00b1 68.6",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.001 [0.954, 1.162] (cannot tell)\ncpu ms: 2594.8\npeak MB: 58.8\nread bytes: 151552\nvariant"
          },
          {
            "name": "wide, the log written back afterwards / aether",
            "value": 59.035,
            "range": "\u00b1 3.1604",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2536.3\npeak MB: 59.2\nread bytes: 20480\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 20,480 bytes, 1 % of the files changed 151,552 bytes\nwarning: too noisy to tell much: unchanged since, unchanged since, slabs: false, 1 % of the files changed (MAD over 10% of the median)"
          },
          {
            "name": "wide, the log written back afterwards / unchanged since",
            "value": 2.8165,
            "range": "\u00b1 0.79943",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.043 [0.039, 0.098]\ncpu ms: 2327.3\npeak MB: 59.1\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, the log written back afterwards / unchanged since, slabs: false",
            "value": 3.1246,
            "range": "\u00b1 0.59265",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.057 [0.040, 0.075]\ncpu ms: 2283.1\npeak MB: 58.8\nread bytes: 0\nvariant"
          },
          {
            "name": "wide, the log written back afterwards / 1 % of the files changed",
            "value": 12.364,
            "range": "\u00b1 2.1706",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.198 [0.189, 0.252]\ncpu ms: 2594.8\npeak MB: 58.8\nread bytes: 151552\nvariant"
          },
          {
            "name": "real, a tree into a new file / aether",
            "value": 592.35,
            "range": "\u00b1 21.701",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1005.6\npeak MB: 26.6\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, a tree into a new file / updatedb (names only)",
            "value": 803.55,
            "range": "\u00b1 13.452",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.365 [1.293, 1.413]\ncpu ms: 803.1\npeak MB: 163.1\nread bytes: 0"
          },
          {
            "name": "real, a tree into a new file / find into sqlite3 .import",
            "value": 1017.7,
            "range": "\u00b1 14.524",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.718 [1.674, 1.794]\ncpu ms: 1339.7\npeak MB: 8.0\nread bytes: 0"
          },
          {
            "name": "real, size of the file, an entry / aether",
            "value": 61.995,
            "range": "\u00b1 0.076367",
            "unit": "bytes",
            "extra": "median of 7 rounds\ncpu ms: 1005.6\npeak MB: 26.6\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "real, size of the file, an entry / updatedb (names only)",
            "value": 17.581,
            "range": "\u00b1 0.0",
            "unit": "bytes",
            "extra": "median of 7 rounds\nratio to ours: 0.284 [0.283, 0.284]\ncpu ms: 803.1\npeak MB: 163.1\nread bytes: 0"
          },
          {
            "name": "real, size of the file, an entry / find into sqlite3 .import",
            "value": 109.05,
            "range": "\u00b1 0.0",
            "unit": "bytes",
            "extra": "median of 7 rounds\nratio to ours: 1.759 [1.755, 1.761]\ncpu ms: 1339.7\npeak MB: 8.0\nread bytes: 0"
          },
          {
            "name": "200,000 entries made up, an entry / aether",
            "value": 740.05,
            "range": "\u00b1 8.5993",
            "unit": "ns",
            "extra": "median of 7 rounds\ncpu ms: 214.7\npeak MB: 23.3\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: the original's schema 12,288 bytes"
          },
          {
            "name": "200,000 entries made up, an entry / the original's schema",
            "value": 11227.0,
            "range": "\u00b1 235.51",
            "unit": "ns",
            "extra": "median of 7 rounds\nratio to ours: 15.311 [14.891, 16.233]\ncpu ms: 1865.7\npeak MB: 13.3\nread bytes: 12288"
          },
          {
            "name": "200,000 entries made up, size, an entry / aether",
            "value": 64.9,
            "range": "\u00b1 0.0",
            "unit": "bytes",
            "extra": "median of 7 rounds\ncpu ms: 214.7\npeak MB: 23.3\nread bytes: 0\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: the original's schema 12,288 bytes"
          },
          {
            "name": "200,000 entries made up, size, an entry / the original's schema",
            "value": 1561.4,
            "range": "\u00b1 0.0",
            "unit": "bytes",
            "extra": "median of 7 rounds\nratio to ours: 24.059 [24.059, 24.059]\ncpu ms: 1865.7\npeak MB: 13.3\nread bytes: 12288"
          }
        ]
      }
    ],
    "drill-down": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303606628,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "1,000,000 entries, idle, 200 by name, any folder, p50 / aether",
            "value": 0.048,
            "range": "\u00b1 0.002",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, any folder, p99 / aether",
            "value": 0.089,
            "range": "\u00b1 0.004",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, root, p50 / aether",
            "value": 0.037,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, root, p99 / aether",
            "value": 0.068,
            "range": "\u00b1 0.006",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, 300,000 files, p50 / aether",
            "value": 0.066,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, 300,000 files, p99 / aether",
            "value": 0.103,
            "range": "\u00b1 0.006",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, the next 200 of them, p50 / aether",
            "value": 0.071,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, the next 200 of them, p99 / aether",
            "value": 0.117,
            "range": "\u00b1 0.009",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, 5,000 unread, p50 / aether",
            "value": 0.261,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by name, 5,000 unread, p99 / aether",
            "value": 0.339,
            "range": "\u00b1 0.017",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Size, 300,000 files, p50 / aether",
            "value": 16.165,
            "range": "\u00b1 0.09",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Size, 300,000 files, p99 / aether",
            "value": 16.429,
            "range": "\u00b1 0.192",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Count, 300,000 files, p50 / aether",
            "value": 0.105,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Count, 300,000 files, p99 / aether",
            "value": 0.139,
            "range": "\u00b1 0.005",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Mtime, 300,000 files, p50 / aether",
            "value": 16.04,
            "range": "\u00b1 0.235",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, 200 by Mtime, 300,000 files, p99 / aether",
            "value": 16.251,
            "range": "\u00b1 0.25",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, totals, p50 / aether",
            "value": 0.012,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, totals, p99 / aether",
            "value": 0.018,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, largest 20, p50 / aether",
            "value": 84.771,
            "range": "\u00b1 0.288",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, idle, largest 20, p99 / aether",
            "value": 85.517,
            "range": "\u00b1 0.421",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, any folder, p50 / aether",
            "value": 0.053,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, any folder, p99 / aether",
            "value": 0.141,
            "range": "\u00b1 0.009",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, root, p50 / aether",
            "value": 0.039,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, root, p99 / aether",
            "value": 0.198,
            "range": "\u00b1 0.054",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, 300,000 files, p50 / aether",
            "value": 0.067,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, 300,000 files, p99 / aether",
            "value": 0.12,
            "range": "\u00b1 0.003",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, the next 200 of them, p50 / aether",
            "value": 0.074,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, the next 200 of them, p99 / aether",
            "value": 0.133,
            "range": "\u00b1 0.012",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, 5,000 unread, p50 / aether",
            "value": 0.26,
            "range": "\u00b1 0.002",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by name, 5,000 unread, p99 / aether",
            "value": 0.39,
            "range": "\u00b1 0.044",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Size, 300,000 files, p50 / aether",
            "value": 16.896,
            "range": "\u00b1 0.178",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Size, 300,000 files, p99 / aether",
            "value": 18.321,
            "range": "\u00b1 0.671",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Count, 300,000 files, p50 / aether",
            "value": 0.107,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Count, 300,000 files, p99 / aether",
            "value": 0.143,
            "range": "\u00b1 0.027",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Mtime, 300,000 files, p50 / aether",
            "value": 16.858,
            "range": "\u00b1 0.433",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, 200 by Mtime, 300,000 files, p99 / aether",
            "value": 20.551,
            "range": "\u00b1 3.045",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000,000 entries, while a scan writes, totals, p50 / aether",
            "value": 0.014,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, totals, p99 / aether",
            "value": 0.035,
            "range": "\u00b1 0.005",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000,000 entries, while a scan writes, largest 20, p50 / aether",
            "value": 88.28,
            "range": "\u00b1 2.439",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes"
          },
          {
            "name": "1,000,000 entries, while a scan writes, largest 20, p99 / aether",
            "value": 114.45,
            "range": "\u00b1 21.222",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7844.4\npeak MB: 30.4\nread bytes: 143360\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 143,360 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      },
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795305428698,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "10,000,000 entries, idle, 200 by name, any folder, p50 / aether",
            "value": 0.052,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, any folder, p99 / aether",
            "value": 0.099,
            "range": "\u00b1 0.009",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, root, p50 / aether",
            "value": 0.093,
            "range": "\u00b1 0.003",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, root, p99 / aether",
            "value": 0.147,
            "range": "\u00b1 0.005",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, 300,000 files, p50 / aether",
            "value": 0.066,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, 300,000 files, p99 / aether",
            "value": 0.106,
            "range": "\u00b1 0.009",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, the next 200 of them, p50 / aether",
            "value": 0.071,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, the next 200 of them, p99 / aether",
            "value": 0.115,
            "range": "\u00b1 0.015",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, 5,000 unread, p50 / aether",
            "value": 0.265,
            "range": "\u00b1 0.002",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by name, 5,000 unread, p99 / aether",
            "value": 0.339,
            "range": "\u00b1 0.032",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 1 (1 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Size, 300,000 files, p50 / aether",
            "value": 15.283,
            "range": "\u00b1 0.105",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Size, 300,000 files, p99 / aether",
            "value": 15.712,
            "range": "\u00b1 0.518",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Count, 300,000 files, p50 / aether",
            "value": 0.105,
            "range": "\u00b1 0.001",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Count, 300,000 files, p99 / aether",
            "value": 0.151,
            "range": "\u00b1 0.005",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Mtime, 300,000 files, p50 / aether",
            "value": 15.272,
            "range": "\u00b1 0.235",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, 200 by Mtime, 300,000 files, p99 / aether",
            "value": 15.727,
            "range": "\u00b1 0.512",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, totals, p50 / aether",
            "value": 0.016,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, totals, p99 / aether",
            "value": 0.025,
            "range": "\u00b1 0.004",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, idle, largest 20, p50 / aether",
            "value": 118.7,
            "range": "\u00b1 2.386",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, idle, largest 20, p99 / aether",
            "value": 122.82,
            "range": "\u00b1 2.268",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, any folder, p50 / aether",
            "value": 0.053,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, any folder, p99 / aether",
            "value": 0.11,
            "range": "\u00b1 0.007",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, root, p50 / aether",
            "value": 0.096,
            "range": "\u00b1 0.003",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, root, p99 / aether",
            "value": 0.155,
            "range": "\u00b1 0.01",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, 300,000 files, p50 / aether",
            "value": 0.07,
            "range": "\u00b1 0.002",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, 300,000 files, p99 / aether",
            "value": 0.109,
            "range": "\u00b1 0.008",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, the next 200 of them, p50 / aether",
            "value": 0.074,
            "range": "\u00b1 0.002",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, the next 200 of them, p99 / aether",
            "value": 0.118,
            "range": "\u00b1 0.003",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, 5,000 unread, p50 / aether",
            "value": 0.265,
            "range": "\u00b1 0.004",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by name, 5,000 unread, p99 / aether",
            "value": 0.394,
            "range": "\u00b1 0.053",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 5 (5 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Size, 300,000 files, p50 / aether",
            "value": 15.537,
            "range": "\u00b1 0.164",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Size, 300,000 files, p99 / aether",
            "value": 19.71,
            "range": "\u00b1 3.175",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Count, 300,000 files, p50 / aether",
            "value": 0.109,
            "range": "\u00b1 0.004",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Count, 300,000 files, p99 / aether",
            "value": 0.164,
            "range": "\u00b1 0.027",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Mtime, 300,000 files, p50 / aether",
            "value": 16.063,
            "range": "\u00b1 0.343",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, 200 by Mtime, 300,000 files, p99 / aether",
            "value": 16.997,
            "range": "\u00b1 0.964",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\ntarget: 60 (60 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, totals, p50 / aether",
            "value": 0.018,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, totals, p99 / aether",
            "value": 0.046,
            "range": "\u00b1 0.009",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "10,000,000 entries, while a scan writes, largest 20, p50 / aether",
            "value": 122.3,
            "range": "\u00b1 5.421",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes"
          },
          {
            "name": "10,000,000 entries, while a scan writes, largest 20, p99 / aether",
            "value": 181.17,
            "range": "\u00b1 56.839",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 9163.9\npeak MB: 36.4\nread bytes: 2801664\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 2,801,664 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "channel": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795303697711,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "1,000 entries to the socket / aether",
            "value": 1.661,
            "range": "\u00b1 0.662",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes, Phoenix's serializer 233,472 bytes, JSON by jiffy (C) 233,472 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1,000 entries to the socket / Phoenix's serializer",
            "value": 12.546,
            "range": "\u00b1 1.203",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\nratio to ours: 6.829 [5.390, 15.698]\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "1,000 entries to the socket / JSON by jiffy (C)",
            "value": 673.28,
            "range": "\u00b1 28.322",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\nratio to ours: 394.069 [302.024, 698.904]\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "1,000 entries over the socket, kernel and acks included / aether",
            "value": 119.58,
            "range": "\u00b1 9.217",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes, Phoenix's serializer 233,472 bytes, JSON by jiffy (C) 233,472 bytes"
          },
          {
            "name": "1,000 entries over the socket, kernel and acks included / Phoenix's serializer",
            "value": 111.88,
            "range": "\u00b1 3.954",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\nratio to ours: 0.967 [0.869, 0.978]\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "1,000 entries over the socket, kernel and acks included / JSON by jiffy (C)",
            "value": 930.27,
            "range": "\u00b1 25.231",
            "unit": "\u00b5s",
            "extra": "median of 7 rounds\nratio to ours: 7.795 [6.953, 8.337]\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "1,000 entries on the wire / aether",
            "value": 37094.0,
            "range": "\u00b1 1.806",
            "unit": "bytes",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes, Phoenix's serializer 233,472 bytes, JSON by jiffy (C) 233,472 bytes"
          },
          {
            "name": "1,000 entries on the wire / Phoenix's serializer",
            "value": 37095.0,
            "range": "\u00b1 1.42",
            "unit": "bytes",
            "extra": "median of 7 rounds\nratio to ours: 1.000 [1.000, 1.000] (cannot tell)\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "1,000 entries on the wire / JSON by jiffy (C)",
            "value": 79058.0,
            "range": "\u00b1 0.55",
            "unit": "bytes",
            "extra": "median of 7 rounds\nratio to ours: 2.131 [2.131, 2.131]\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472"
          },
          {
            "name": "first slab, 100 clients at once, flat, median / aether",
            "value": 75.875,
            "range": "\u00b1 2.763",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          },
          {
            "name": "first slab, 100 clients at once, flat, slowest / median / aether",
            "value": 1.779,
            "range": "\u00b1 0.088",
            "unit": "x",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          },
          {
            "name": "first slab, 100 clients at once, mixed, median / aether",
            "value": 61.536,
            "range": "\u00b1 4.097",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          },
          {
            "name": "first slab, 100 clients at once, mixed, slowest / median / aether",
            "value": 1.764,
            "range": "\u00b1 0.07",
            "unit": "x",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          },
          {
            "name": "first slab, 100 clients at once, empty, median / aether",
            "value": 16.089,
            "range": "\u00b1 4.04",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "first slab, 100 clients at once, empty, slowest / median / aether",
            "value": 1.389,
            "range": "\u00b1 0.247",
            "unit": "x",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "a client that acknowledges nothing, binaries / aether",
            "value": 153.36,
            "range": "\u00b1 12.889",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          },
          {
            "name": "a client that acknowledges nothing, processes / aether",
            "value": 45.181,
            "range": "\u00b1 0.307",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 2929.2\npeak MB: 88.2\nread bytes: 233472\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 233,472 bytes"
          }
        ]
      }
    ],
    "search": [
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
          "id": "6a9c5ab1cb6c9cef2cdb8facbb3594bbabccc753",
          "message": "Bound what slabs take of a frame, and measure the page in processor time",
          "timestamp": "2026-11-21T23:16:08Z",
          "url": ""
        },
        "date": 1795305373957,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "1,000,000 names, substring, median query / aether",
            "value": 1.69,
            "range": "\u00b1 0.07",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7096.3\npeak MB: 56.4\nread bytes: 48398336\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 48,398,336 bytes"
          },
          {
            "name": "1,000,000 names, substring, slowest query / aether",
            "value": 8.92,
            "range": "\u00b1 0.07",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7096.3\npeak MB: 56.4\nread bytes: 48398336\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 48,398,336 bytes"
          },
          {
            "name": "1,000,000 names, fuzzy, median query / aether",
            "value": 5.54,
            "range": "\u00b1 0.09",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7096.3\npeak MB: 56.4\nread bytes: 48398336\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 48,398,336 bytes"
          },
          {
            "name": "1,000,000 names, fuzzy, slowest query / aether",
            "value": 10.99,
            "range": "\u00b1 0.08",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 7096.3\npeak MB: 56.4\nread bytes: 48398336\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 48,398,336 bytes"
          }
        ]
      }
    ],
    "click to render": [
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
          "id": "9eac41ab4fde68a834a9503d626031db0afefcd0",
          "message": "Let bin/bench click go over a real socket",
          "timestamp": "2026-11-22T00:56:21Z",
          "url": ""
        },
        "date": 1795309093141,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "a click on a folder to its rows laid out, median / aether",
            "value": 9.8,
            "range": "\u00b1 0.7",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\ntarget: 16 (16 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a folder to its rows laid out, p95 / aether",
            "value": 14.8,
            "range": "\u00b1 2.1",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\ntarget: 33 (33 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "a click on a folder to its rows painted, median / aether",
            "value": 22.8,
            "range": "\u00b1 0.4",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a folder to its rows painted, p95 / aether",
            "value": 27.4,
            "range": "\u00b1 0.6",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a file to its selection, median / aether",
            "value": 1.3,
            "range": "\u00b1 0.1",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\ntarget: 16 (16 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a file to its selection, p95 / aether",
            "value": 1.7,
            "range": "\u00b1 0.1",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\ntarget: 33 (33 ms, met)\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a file to that painted, median / aether",
            "value": 17.1,
            "range": "\u00b1 0.1",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          },
          {
            "name": "a click on a file to that painted, p95 / aether",
            "value": 17.4,
            "range": "\u00b1 0.0",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 11338.1\npeak MB: 318.0\nread bytes: 126726144\nours\nmachine: 2 processors (AMD EPYC), 24 GB, Linux 6.18.44, OTP 25\nwarning: not warm, the disk was read: aether 126,726,144 bytes"
          }
        ]
      }
    ],
    "slow": [
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795987647248,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / aether",
            "value": 208.66,
            "range": "\u00b1 2.9181",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 337.9\npeak MB: 44.5\nread bytes: 0\ntarget: 300 (300 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / aether, 4 threads",
            "value": 646.59,
            "range": "\u00b1 24.706",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 3.205 [2.922, 3.301]\ncpu ms: 342.3\npeak MB: 43.8\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / aether, 16 threads",
            "value": 204.5,
            "range": "\u00b1 6.5336",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.973 [0.936, 1.011] (cannot tell)\ncpu ms: 302.1\npeak MB: 44.2\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / aether, 32 threads",
            "value": 205.0,
            "range": "\u00b1 3.3104",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.998 [0.962, 1.015] (cannot tell)\ncpu ms: 334.9\npeak MB: 44.1\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / floor, 32 threads",
            "value": 2230.2,
            "range": "\u00b1 5.5983",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 10.805 [10.520, 10.972]\ncpu ms: 25.3\npeak MB: 2.3\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / os.scandir, 16 threads",
            "value": 151.29,
            "range": "\u00b1 2.0611",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.721 [0.714, 0.739]\ncpu ms: 79.0\npeak MB: 12.3\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / find",
            "value": 2242.9,
            "range": "\u00b1 6.4093",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 10.751 [10.689, 11.035]\ncpu ms: 26.4\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / bfs",
            "value": 2233.4,
            "range": "\u00b1 4.2347",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 10.820 [10.587, 11.034]\ncpu ms: 27.7\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / fd",
            "value": 2239.0,
            "range": "\u00b1 9.1245",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 10.849 [10.547, 11.071]\ncpu ms: 51.2\npeak MB: 5.4\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, one directory of 700 entries, metadata / fd -j 32",
            "value": 151.02,
            "range": "\u00b1 0.66917",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.724 [0.719, 0.736]\ncpu ms: 28.5\npeak MB: 6.2\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / aether",
            "value": 574.72,
            "range": "\u00b1 13.817",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 346.8\npeak MB: 44.8\nread bytes: 0\ntarget: 600 (600 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / aether, 4 threads",
            "value": 3483.3,
            "range": "\u00b1 14.643",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 6.044 [5.801, 6.190]\ncpu ms: 466.5\npeak MB: 43.9\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / aether, 16 threads",
            "value": 987.75,
            "range": "\u00b1 11.845",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.704 [1.659, 1.748]\ncpu ms: 370.7\npeak MB: 44.4\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / aether, 32 threads",
            "value": 582.04,
            "range": "\u00b1 14.644",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.028 [0.966, 1.039] (cannot tell)\ncpu ms: 349.7\npeak MB: 44.3\nread bytes: 0\nvariant"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / floor, 32 threads",
            "value": 790.26,
            "range": "\u00b1 6.27",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.327 [1.276, 1.379]\ncpu ms: 52.6\npeak MB: 2.6\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / os.scandir, 16 threads",
            "value": 4762.1,
            "range": "\u00b1 7.2912",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 8.183 [7.895, 8.484]\ncpu ms: 337.5\npeak MB: 10.9\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / find",
            "value": 14251.0,
            "range": "\u00b1 85.193",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 24.450 [23.702, 25.474]\ncpu ms: 165.9\npeak MB: 2.4\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / bfs",
            "value": 13781.0,
            "range": "\u00b1 60.201",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 23.873 [22.771, 24.586]\ncpu ms: 160.9\npeak MB: 2.1\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / fd",
            "value": 37724.0,
            "range": "\u00b1 153.52",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 64.750 [62.818, 66.774]\ncpu ms: 569.1\npeak MB: 5.0\nread bytes: 0"
          },
          {
            "name": "3 ms a lookup, a tree of 3,900 entries, metadata / fd -j 32",
            "value": 2351.4,
            "range": "\u00b1 11.64",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 4.076 [3.922, 4.148]\ncpu ms: 209.4\npeak MB: 6.2\nread bytes: 0"
          },
          {
            "name": "50 scans of 5 local files beside four of a mount of 4 ms a lookup, p99 of the first entry / aether",
            "value": 0.3361,
            "range": "\u00b1 0.0937",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 297.4\npeak MB: 44.2\nread bytes: 0\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "cold": [
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795987767508,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether",
            "value": 565.13,
            "range": "\u00b1 39.493",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 1146.6\npeak MB: 44.7\nread bytes: 28938240\ntarget: 602.84 (1.1 \u00d7 aether, 16 threads, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether, 16 threads, floor, 8 threads (MAD over 10% of the median)"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 1 thread",
            "value": 1221.7,
            "range": "\u00b1 37.356",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.086 [2.019, 2.227]\ncpu ms: 1137.1\npeak MB: 43.7\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 2 threads",
            "value": 662.55,
            "range": "\u00b1 20.154",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.106 [1.076, 1.272]\ncpu ms: 1150.3\npeak MB: 43.9\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 4 threads",
            "value": 647.07,
            "range": "\u00b1 11.87",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.146 [1.002, 1.282]\ncpu ms: 1167.9\npeak MB: 44.5\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 8 threads",
            "value": 602.12,
            "range": "\u00b1 12.462",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.996 [0.963, 1.222] (cannot tell)\ncpu ms: 1157.8\npeak MB: 44.7\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 16 threads",
            "value": 548.04,
            "range": "\u00b1 60.662",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.987 [0.789, 1.236] (cannot tell)\ncpu ms: 1230.7\npeak MB: 45.2\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / aether, 32 threads",
            "value": 565.55,
            "range": "\u00b1 48.727",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.940 [0.851, 1.202] (cannot tell)\ncpu ms: 1220.4\npeak MB: 45.1\nread bytes: 28938240\nvariant"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / floor, 1 thread",
            "value": 1161.1,
            "range": "\u00b1 16.857",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.084 [1.866, 2.120]\ncpu ms: 836.1\npeak MB: 1.9\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / floor, 8 threads",
            "value": 525.23,
            "range": "\u00b1 53.35",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.856 [0.764, 0.978]\ncpu ms: 887.4\npeak MB: 2.2\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / floor, 32 threads",
            "value": 534.11,
            "range": "\u00b1 39.153",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 0.892 [0.785, 0.987]\ncpu ms: 920.5\npeak MB: 2.8\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / find",
            "value": 1223.3,
            "range": "\u00b1 22.03",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.198 [1.960, 2.393]\ncpu ms: 878.0\npeak MB: 4.9\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / bfs",
            "value": 1273.6,
            "range": "\u00b1 13.813",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 2.288 [2.012, 2.295]\ncpu ms: 912.7\npeak MB: 2.2\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / fd",
            "value": 811.67,
            "range": "\u00b1 19.1",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.402 [1.342, 1.474]\ncpu ms: 1253.4\npeak MB: 10.9\nread bytes: 28938240"
          },
          {
            "name": "ext4 on a loop device, 81,290 entries, metadata / fd -j 32",
            "value": 702.0,
            "range": "\u00b1 9.3057",
            "unit": "ms",
            "extra": "median of 7 rounds\nratio to ours: 1.147 [1.136, 1.284]\ncpu ms: 1266.3\npeak MB: 16.1\nread bytes: 28938240"
          }
        ]
      }
    ],
    "parked": [
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795988053011,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "200 scans of wide-small, share of a core / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 1353.8\npeak MB: 48.4\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of wide-small, memory of each besides an unsent slab / aether",
            "value": -2.83,
            "range": "\u00b1 0.72",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1353.8\npeak MB: 48.4\nread bytes: 0\ntarget: 16 (16 KB, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of wide-small, the unsent slab of each / aether",
            "value": 23.67,
            "range": "\u00b1 1.96",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1353.8\npeak MB: 48.4\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of wide-small, descriptors of all / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "open",
            "extra": "median of 7 rounds\ncpu ms: 1353.8\npeak MB: 48.4\nread bytes: 0\ntarget: 0 (0 open, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large, share of a core / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 984.7\npeak MB: 52.4\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large, memory of each besides an unsent slab / aether",
            "value": 13.42,
            "range": "\u00b1 1.46",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 984.7\npeak MB: 52.4\nread bytes: 0\ntarget: 16 (16 KB, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of large, the unsent slab of each / aether",
            "value": 28.67,
            "range": "\u00b1 2.57",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 984.7\npeak MB: 52.4\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large beside a slow one, share of a core / aether",
            "value": 0.6,
            "range": "\u00b1 0.2",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 1435.9\npeak MB: 52.3\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      },
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
          "id": "a93364c888afde34ccea3ce84248d1e1259965a6",
          "message": "Let the sanitizer's run pass where it should",
          "timestamp": "2026-11-30T02:09:16Z",
          "url": ""
        },
        "date": 1796006275725,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "200 scans of wide-small, share of a core / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 1220.7\npeak MB: 47.4\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of wide-small, memory of each besides an unsent slab / aether",
            "value": -1.79,
            "range": "\u00b1 1.52",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1220.7\npeak MB: 47.4\nread bytes: 0\ntarget: 16 (16 KB, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of wide-small, the unsent slab of each / aether",
            "value": 21.97,
            "range": "\u00b1 5.67",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1220.7\npeak MB: 47.4\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of wide-small, descriptors of all / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "open",
            "extra": "median of 7 rounds\ncpu ms: 1220.7\npeak MB: 47.4\nread bytes: 0\ntarget: 0 (0 open, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large, share of a core / aether",
            "value": 0.0,
            "range": "\u00b1 0.0",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 1151.9\npeak MB: 51.8\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large, memory of each besides an unsent slab / aether",
            "value": 14.39,
            "range": "\u00b1 1.56",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1151.9\npeak MB: 51.8\nread bytes: 0\ntarget: 16 (16 KB, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of large, the unsent slab of each / aether",
            "value": 25.34,
            "range": "\u00b1 3.08",
            "unit": "KB",
            "extra": "median of 7 rounds\ncpu ms: 1151.9\npeak MB: 51.8\nread bytes: 0\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          },
          {
            "name": "200 scans of large, descriptors of all / aether",
            "value": 108.0,
            "range": "\u00b1 2.0",
            "unit": "open",
            "extra": "median of 7 rounds\ncpu ms: 1151.9\npeak MB: 51.8\nread bytes: 0\ntarget: 256 (256 open, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          },
          {
            "name": "200 scans of large beside a slow one, share of a core / aether",
            "value": 0.8,
            "range": "\u00b1 0.2",
            "unit": "%",
            "extra": "median of 7 rounds\ncpu ms: 1771.9\npeak MB: 51.8\nread bytes: 0\ntarget: 1 (1 %, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to say much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "hung": [
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795988120916,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "40 cancelled scans whose roots hang, then a local scan, the slowest of 10 to open / aether",
            "value": 0.2968,
            "range": "\u00b1 0.0754",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 332.2\npeak MB: 44.8\nread bytes: 0\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "40 cancelled scans that hang on the way, then a local scan, the slowest of 10 to open / aether",
            "value": 0.4253,
            "range": "\u00b1 0.0732",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 325.5\npeak MB: 44.6\nread bytes: 0\ntarget: 20 (20 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "the slowest cancel to its summary / aether",
            "value": 0.1248,
            "range": "\u00b1 0.0312",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 325.5\npeak MB: 44.6\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          }
        ]
      }
    ],
    "slow rules": [
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
          "id": "3fc079ba14b79588318a447ea3e174c4526624ed",
          "message": "Give threads, slots, paths and columns of the core files of their own",
          "timestamp": "2026-11-29T20:30:12Z",
          "url": ""
        },
        "date": 1795988171324,
        "tool": "customSmallerIsBetter",
        "benches": [
          {
            "name": "1 MiB of rules, cancel to summary, slowest of 3, its own scan / aether",
            "value": 0.2299,
            "range": "\u00b1 0.0509",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 12150.0\npeak MB: 47.4\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25\nwarning: too noisy to tell much: aether (MAD over 10% of the median)"
          },
          {
            "name": "1 MiB of rules, cancel to summary, slowest of 3, another scan / aether",
            "value": 3.9658,
            "range": "\u00b1 0.0132",
            "unit": "ms",
            "extra": "median of 7 rounds\ncpu ms: 12150.0\npeak MB: 47.4\nread bytes: 0\ntarget: 100 (100 ms, met)\nours\nmachine: 2 processors (Intel(R) Xeon(R) Processor), 24 GB, Linux 6.18.44, OTP 25"
          }
        ]
      }
    ]
  }
}
