//! Atoms of messages, options and answers. Keys of structs are with the structs, in `terms`.

rustler::atoms! {
    infinity,
    git,

    scan_opened,
    scan_chunk,
    scan_progress,
    scan_passive,
    scan_completed,
    scan_summary,

    running,
    parked,
    complete,
    partial,
    cancelled,
    failed,

    start,
    noproc,
    eagain,
    index_answer,
    index,
    slabs,
    source_id,
    replace_rules,
    accept_root,
    einval,
    unknown_errno,

    json,
    print0,
    done,
    bad_slab,


    depth,
    metadata,
    hidden,
    ignore,
    exclude,
    same_file_system,
    slab_entries,
    tag,
    threads,
    progress,
    active,
    pool_threads,
    native_per_second,
}
