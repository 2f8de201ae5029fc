# Without LiveView's formatter of templates: that of 1.x writes what 0.20 does not read.
[
  import_deps: [:phoenix],
  inputs: ["{mix,.formatter}.exs", "{config,lib,test}/**/*.{ex,exs}"]
]
