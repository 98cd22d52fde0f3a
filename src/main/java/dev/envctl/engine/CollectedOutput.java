package dev.envctl.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What a program in a container writes, both streams in one text. */
final class CollectedOutput extends ResultCallback.Adapter<Frame> {
    private final StringBuilder text = new StringBuilder();

    /**
     * The text, once there will be no more.
     *
     * @param what writes it, as it reads before "did not end"
     * @throws EnvctlException TIMEOUT with what there is by then
     */
    static String of(CollectedOutput output, String what, Deadline deadline) {
        try (output) {
            if (output.awaitCompletion(deadline.remainingForCall().toMillis(), TimeUnit.MILLISECONDS)) {
                return output.text();
            }
            throw new EnvctlException(
                    FailureKind.TIMEOUT,
                    "%s did not end within %d s: %s"
                            .formatted(what, deadline.limit().toSeconds(), output.text()),
                    "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, what + " was interrupted.", "", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onNext(Frame frame) {
        synchronized (text) {
            text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
        }
    }

    private String text() {
        synchronized (text) {
            return text.toString();
        }
    }
}
