package dev.envctl.kubernetes;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import java.util.Map;

/** Objects as JSON text and back. Whole numbers stay whole. */
final class Json {
    private static final TypeToken<Map<String, Object>> OBJECT = new TypeToken<>() {};

    private final Gson gson = new GsonBuilder()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    String write(Map<String, Object> object) {
        return gson.toJson(object);
    }

    /** Empty for anything that is not a JSON object, such as a proxy's plain-text error. */
    Map<String, Object> read(String text) {
        try {
            var object = gson.fromJson(text, OBJECT);
            return object == null ? Map.of() : object;
        } catch (JsonParseException e) {
            return Map.of();
        }
    }
}
