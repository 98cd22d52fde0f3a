package dev.envctl.environment;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.nio.file.Path;
import java.util.Optional;

/** JSON that envctl wrote itself, and that a full disk or somebody's hand may have damaged since. */
public final class StateFile {
    private StateFile() {}

    /**
     * Reads a record whole or not at all: what the file lacks, the record's constructor refuses with a {@link
     * NullPointerException} or an {@link IllegalArgumentException}.
     *
     * @return empty where there is no such file, or where it does not hold a whole record
     * @throws dev.envctl.EnvctlException FAILED where the file is there and cannot be read
     */
    public static <T> Optional<T> read(Path file, Class<T> type) {
        return EnvironmentDirectory.read(file).flatMap(text -> parse(text, type));
    }

    private static <T> Optional<T> parse(String text, Class<T> type) {
        try {
            return Optional.ofNullable(new Gson().fromJson(text, type));
        } catch (JsonParseException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            // How Gson 2 passes on what a constructor refuses: anything else is a defect.
            if (e.getCause() instanceof NullPointerException || e.getCause() instanceof IllegalArgumentException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
