/**
 * The Python that stands between a stock Spark worker and Node: it comes out of the unpickled command (see
 * `python-command.ts`), so nothing is installed on the cluster. A worker runs it once and finds `make` under `K` in
 * `sys` from then on. One Node child per Python worker, kept between tasks, on a socket pair; it ends when the worker
 * does. Frames are a little-endian u32 length and a type: 1 BEGIN (stage, partition, attempt, program), 2 BLOCK
 * (p, k, s, bytes), 3 END, 5 DONE, 6 ERROR. BEGIN goes at once, so that Node gets ready while Spark fetches the input;
 * other frames wait for each other, as every write wakes the other side.
 *
 * `invalidate_caches`: the stock worker re-reads archives for every task, which costs 50 to 150 ms and never
 * finds anything new. `_quick`: worker and JVM talk over loopback TCP without TCP_NODELAY, so that Nagle's
 * algorithm and delayed acknowledgements cost 40 ms a task. `_settle`: the stock daemon collects garbage after every
 * task and looks at all that was ever imported, 10 to 40 ms of a core that the next stage's tasks wait for.
 */
export const BRIDGE = `
import functools, gc, os, socket, struct, subprocess, sys, zipimport

zipimport.zipimporter.invalidate_caches = lambda self: None

def _receive(reader, n):
    data = reader.read(n)
    if len(data) < n:
        raise EOFError('the Node process ended')
    return data

class _Frames:
    def __init__(self, s):
        self.s, self.parts, self.size = s, [], 0

    def add(self, kind, *parts):
        n = sum(map(len, parts))
        self.parts += (struct.pack('<IB', n, kind), *parts)
        self.size += n
        if self.size > 65536:
            for part in self.parts:
                self.s.sendall(part)
            self.parts, self.size = [], 0

    def flush(self):
        self.s.sendall(b''.join(self.parts))
        self.parts, self.size = [], 0

_nodes = {}

def _node(argv):
    key = tuple(argv)
    if key in _nodes and _nodes[key][0].poll() is None:
        return _nodes[key]
    ours, theirs = socket.socketpair()
    child = subprocess.Popen(argv + [str(theirs.fileno())], stdin=subprocess.DEVNULL, stdout=2,
                             pass_fds=(theirs.fileno(),))
    theirs.close()
    _nodes[key] = (child, ours, ours.makefile('rb', 65536))
    return _nodes[key]

def _quick():
    for s in _connections():
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

@functools.cache
def _connections():
    found = []
    if not hasattr(socket, 'TCP_QUICKACK') or not os.path.isdir('/proc/self/fd'):
        return found
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
    return found

@functools.cache
def _settle():
    import pyarrow
    gc.freeze()

@functools.cache
def _parsed(schema):
    from pyspark.sql.types import _parse_datatype_json_string
    return _parse_datatype_json_string(schema)

@functools.cache
def _row_type():
    import pyarrow as pa
    return pa.struct([*((name, pa.int32()) for name in 'pks'), ('b', pa.binary())])

def _batch_of(rows):
    import pyarrow as pa
    return pa.RecordBatch.from_struct_array(pa.array(rows, _row_type()))

def make(program, schema, argv):
    _quick()
    def run(batches):
        from pyspark import SparkFiles, TaskContext
        _settle()
        root = SparkFiles.getRootDirectory()
        context = TaskContext.get()
        child, s, reader = _node([part.replace('{root}', root) for part in argv])
        done = False
        try:
            where = struct.pack('<iii', context.stageId(), context.partitionId(), context.attemptNumber())
            frames = _Frames(s)
            frames.add(1, where, program)
            frames.flush()
            for batch in batches:
                p, k, q, b = batch.columns
                for i in range(batch.num_rows):
                    frames.add(2, struct.pack('<iii', p[i].as_py(), k[i].as_py(), q[i].as_py()), b[i].as_buffer())
            frames.add(3)
            frames.flush()
            rows = []
            size = 0
            while True:
                n, kind = struct.unpack('<IB', _receive(reader, 5))
                if kind == 2:
                    rows.append((*struct.unpack('<iii', _receive(reader, 12)), _receive(reader, n - 12)))
                    size += n
                    if size > 16777216:
                        yield _batch_of(rows)
                        rows = []
                        size = 0
                elif kind == 6:
                    done = True
                    raise RuntimeError(_receive(reader, n).decode())
                elif kind == 5:
                    break
            done = True
            if rows:
                yield _batch_of(rows)
        finally:
            if not done:
                child.kill()
                _nodes.clear()
    return run, _parsed(schema)

sys.__dict__[K] = lambda *task: make(*task)
`;
