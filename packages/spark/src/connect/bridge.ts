/**
 * The Python that stands between a stock Spark worker and Node: it comes out of the unpickled command (see
 * `python-command.ts`), so nothing is installed on the cluster. One Node child per Python worker, kept between
 * tasks, on a socket pair; it ends when the worker does. Frames are a little-endian u32 length and a type:
 * 1 BEGIN (stage, partition, attempt, program), 2 BLOCK (p, k, s, bytes), 3 END, 5 DONE, 6 ERROR.
 *
 * `invalidate_caches`: the stock worker re-reads archives for every task, which costs 50 to 150 ms and never
 * finds anything new. `_quick`: worker and JVM talk over loopback TCP without TCP_NODELAY, so that Nagle's
 * algorithm and delayed acknowledgements cost 40 ms a task.
 */
export const BRIDGE = `
import os, socket, struct, subprocess, sys, zipimport

zipimport.zipimporter.invalidate_caches = lambda self: None

def _receive(s, n):
    data = bytearray(n)
    view = memoryview(data)
    while view:
        k = s.recv_into(view)
        if not k:
            raise EOFError('the Node process ended')
        view = view[k:]
    return data

def _send(s, kind, *parts):
    s.sendall(struct.pack('<IB', sum(len(p) for p in parts), kind))
    for p in parts:
        s.sendall(p)

def _node(argv):
    kept = sys.__dict__.setdefault('_millrace_nodes', {})
    key = tuple(argv)
    if key in kept and kept[key][0].poll() is None:
        return kept[key]
    ours, theirs = socket.socketpair()
    child = subprocess.Popen(argv + [str(theirs.fileno())], stdin=subprocess.DEVNULL, stdout=2,
                             pass_fds=(theirs.fileno(),))
    theirs.close()
    kept[key] = (child, ours)
    return kept[key]

def _quick():
    if not hasattr(socket, 'TCP_QUICKACK') or not os.path.isdir('/proc/self/fd'):
        return
    found = sys.__dict__.setdefault('_millrace_sockets', [])
    if not found:
        for fd in os.listdir('/proc/self/fd'):
            try:
                copy = os.dup(int(fd))
            except OSError:
                continue
            try:
                s = socket.socket(fileno=copy)
            except OSError:
                os.close(copy)
                continue
            try:
                if s.family not in (socket.AF_INET, socket.AF_INET6):
                    raise OSError
                s.getpeername()
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                found.append(s)
            except OSError:
                s.close()
    for s in found:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

def make(program, schema, argv):
    _quick()
    from pyspark.sql.types import _parse_datatype_json_string
    def run(batches):
        import pyarrow as pa
        from pyspark import SparkFiles, TaskContext
        root = SparkFiles.getRootDirectory()
        context = TaskContext.get()
        child, s = _node([part.replace('{root}', root) for part in argv])
        done = False
        try:
            where = struct.pack('<iii', context.stageId(), context.partitionId(), context.attemptNumber())
            _send(s, 1, where, program)
            for batch in batches:
                p, k, q, b = batch.columns
                for i in range(batch.num_rows):
                    _send(s, 2, struct.pack('<iii', p[i].as_py(), k[i].as_py(), q[i].as_py()), b[i].as_buffer())
            _send(s, 3)
            rows = []
            size = 0
            def batch_of(rows):
                p, k, q, b = zip(*rows)
                return pa.RecordBatch.from_arrays([pa.array(p, pa.int32()), pa.array(k, pa.int32()),
                    pa.array(q, pa.int32()), pa.array(b, pa.binary())], names=['p', 'k', 's', 'b'])
            while True:
                n, kind = struct.unpack('<IB', _receive(s, 5))
                data = _receive(s, n) if n else b''
                if kind == 2:
                    rows.append((*struct.unpack_from('<iii', data), bytes(data[12:])))
                    size += n
                    if size > 16777216:
                        yield batch_of(rows)
                        rows = []
                        size = 0
                elif kind == 6:
                    done = True
                    raise RuntimeError(data.decode())
                elif kind == 5:
                    break
            done = True
            if rows:
                yield batch_of(rows)
        finally:
            if not done:
                child.kill()
                sys.__dict__['_millrace_nodes'].clear()
    return run, _parse_datatype_json_string(schema)
`;
