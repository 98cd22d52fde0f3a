package dev.envctl.primary;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.net.HttpURLConnection;
import java.util.Locale;

/** What a primary answers where it does not do what it is asked for: {@code {problem, remedy, kind}}. */
final class Refusal {
    private Refusal() {}

    /**
     * As a failure.
     *
     * @param api the primary's address
     * @param code the HTTP status
     * @param text the body, from whoever listens there now
     */
    static EnvctlException of(String api, int code, String text) {
        try {
            var json = JsonParser.parseString(text).getAsJsonObject();
            var problem = json.get("problem").getAsString();
            if (!json.has("kind")) {
                var remedy = "The token is not, or no longer, one of the primary at %s.".formatted(api);
                return new EnvctlException(
                        isOfTheToken(code) ? FailureKind.NOT_OWNER : FailureKind.FAILED,
                        problem,
                        code == HttpURLConnection.HTTP_UNAUTHORIZED ? remedy : "");
            }
            var kind = FailureKind.valueOf(json.get("kind").getAsString().toUpperCase(Locale.ROOT));
            return new EnvctlException(kind, problem, json.get("remedy").getAsString());
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | UnsupportedOperationException e) {
            return new EnvctlException(FailureKind.FAILED, "The primary answered HTTP %d.".formatted(code), "", e);
        }
    }

    static boolean isOfTheToken(int code) {
        return code == HttpURLConnection.HTTP_UNAUTHORIZED || code == HttpURLConnection.HTTP_FORBIDDEN;
    }
}
