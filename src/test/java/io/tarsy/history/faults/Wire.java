package io.tarsy.history.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The network between the product and its database, which can fall silent or be cut. */
final class Wire implements AutoCloseable {
    private final int target;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "wire");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object silence = new Object();
    private volatile ServerSocket listening;
    private volatile boolean silent;

    Wire(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        this.port = listening.getLocalPort();
        listen(listening);
    }

    int port() {
        return port;
    }

    private void listen(ServerSocket socket) {
        threads.execute(() -> {
            while (!socket.isClosed()) {
                try {
                    join(socket.accept());
                } catch (IOException closed) {
                    // asked again above whether it is closed for good
                }
            }
        });
    }

    private void join(Socket client) throws IOException {
        try {
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            threads.execute(() -> pass(client, server));
            threads.execute(() -> pass(server, client));
        } catch (IOException refused) {
            client.close(); // so that it sees a connection that ends, and no silence
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[16_384];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitSound();
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            // both ends are closed
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void awaitSound() throws IOException {
        synchronized (silence) {
            while (silent) {
                try {
                    silence.wait();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    throw new IOException(ended);
                }
            }
        }
    }

    /** From now on nothing arrives, and nobody is told. */
    void fallSilent() {
        silent = true;
    }

    /** From now on connections are refused, and the open ones end. */
    void cut() throws IOException {
        listening.close();
        for (var socket : open) {
            socket.close();
        }
    }

    void mend() throws IOException {
        synchronized (silence) {
            silent = false;
            silence.notifyAll();
        }
        if (listening.isClosed()) {
            var again = new ServerSocket();
            again.setReuseAddress(true);
            again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            listening = again;
            listen(again);
        }
    }

    @Override
    public void close() throws IOException {
        mend();
        cut();
        threads.shutdownNow();
    }
}
