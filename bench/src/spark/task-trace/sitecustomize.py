"""
Says where the time of a task goes between Spark's Python worker, the bridge in it and Node: Python workers that find
this file on PYTHONPATH append a line of JSON for each task to a file of their own in $MILLRACE_TASK_TRACE. Nothing in
the product knows of it.
"""
import builtins, json, os, sys, time

directory = os.environ.get('MILLRACE_TASK_TRACE')

if directory and 'pyspark.daemon' in sys.orig_argv:
    import pyspark.worker

    # Seconds of the task that is running: in the bridge, of that waiting for Node, and for Spark's input and output.
    spent = {}

    def watch(scope):
        """Wraps the functions of the bridge, which has just been defined in `scope`."""
        make, receive = scope['make'], scope['_receive']

        def watched_receive(*args):
            began = time.perf_counter()
            try:
                return receive(*args)
            finally:
                spent['node'] += time.perf_counter() - began

        def watched_input(batches):
            batches = iter(batches)
            while True:
                began = time.perf_counter()
                batch = next(batches, None)
                spent['spark'] += time.perf_counter() - began
                if batch is None:
                    return
                yield batch

        def watched_make(*args):
            began = time.perf_counter()
            run, schema = make(*args)
            spent['bridge'] += time.perf_counter() - began

            def watched_run(batches):
                from pyspark import TaskContext
                spent['stage'] = TaskContext.get().stageId()
                output = run(watched_input(batches))
                while True:
                    began = time.perf_counter()
                    batch = next(output, None)
                    spent['bridge'] += time.perf_counter() - began
                    if batch is None:
                        return
                    yield batch
            return watched_run, schema

        scope['_receive'], scope['make'] = watched_receive, watched_make

    compile_source = builtins.compile

    def watching_compile(source, filename, *rest, **named):
        if filename == '<millrace>':
            source += '\ncompile.watch(globals())\n'
        return compile_source(source, filename, *rest, **named)

    watching_compile.watch = watch
    builtins.compile = watching_compile
    main = pyspark.worker.main

    def watched_main(infile, outfile):
        # Waits for the task.
        infile.peek(1)
        at, began = time.time(), time.perf_counter()
        spent.update(stage=-1, bridge=0.0, node=0.0, spark=0.0)
        try:
            main(infile, outfile)
        finally:
            spent.update(at=at * 1e3, total=time.perf_counter() - began)
            with open(os.path.join(directory, '%d.jsonl' % os.getpid()), 'a') as file:
                file.write(json.dumps(spent) + '\n')

    pyspark.worker.main = watched_main
