package dev.envctl.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One program in a container, as the API server tells of it: binary messages whose first byte says what they are, at last
 * one with the outcome. Without that last one nobody knows whether all was heard.
 */
final class ExecConversation extends WebSocketListener {
    /** Understood by every Kubernetes since 1.7; a later one only adds the end of standard input. */
    static final String PROTOCOL = "v4.channel.k8s.io";

    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final int OUTCOME = 3;
    private static final int MOST_COMPLAINTS = 2000;

    private final OutputStream output;
    private final StringBuilder complaints = new StringBuilder();
    private final CountDownLatch over = new CountDownLatch(1);
    private String outcome = "";
    private @Nullable IOException failure;

    ExecConversation(OutputStream output) {
        this.output = output;
    }

    /** Waits for the program's end; a failure of it, or of the way to it, is thrown. */
    void await(Deadline deadline) throws IOException {
        try {
            if (!over.await(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it has not ended within %d s"
                        .formatted(deadline.limit().toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
        judge();
    }

    private synchronized void judge() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (outcome.isEmpty()) {
            throw new IOException("the connection has ended before the program did");
        }
        var status = Fields.of(new Json().read(outcome));
        if (!status.text("status").equals("Success")) {
            throw new IOException(
                    "%s %s".formatted(status.text("message"), complaints).strip());
        }
    }

    @Override
    public synchronized void onMessage(WebSocket socket, ByteString message) {
        if (message.size() < 2) {
            return;
        }
        var content = message.substring(1);
        try {
            switch (message.getByte(0)) {
                case STANDARD_OUTPUT -> content.write(output);
                case STANDARD_ERROR -> complain(content.utf8());
                case OUTCOME -> outcome = content.string(UTF_8);
                default -> {
                    return;
                }
            }
        } catch (IOException e) {
            // What it says cannot be kept: no use in hearing more.
            failure = e;
            over.countDown();
        }
    }

    private void complain(String text) {
        var room = Math.max(0, MOST_COMPLAINTS - complaints.length());
        complaints.append(text, 0, Math.min(room, text.length()));
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        socket.close(code == 1005 ? 1000 : code, null);
        over.countDown();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable problem, @Nullable Response response) {
        var said = response == null
                ? String.valueOf(problem.getMessage())
                : "HTTP %d %s".formatted(response.code(), response.message());
        synchronized (this) {
            if (failure == null && outcome.isEmpty()) {
                failure = new IOException(said.strip(), problem);
            }
        }
        over.countDown();
    }
}
