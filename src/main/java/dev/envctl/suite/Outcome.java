package dev.envctl.suite;

import com.google.gson.annotations.SerializedName;

/** How a suite ended. */
public enum Outcome {
    /** It ended by itself with exit code 0, and nothing in its reports says otherwise. */
    @SerializedName("passed")
    PASSED,
    @SerializedName("failed")
    FAILED,
    /** It took too long and was ended. */
    @SerializedName("timeout")
    TIMEOUT,
    /** Nobody can say: its pod, its node or its reports were lost. */
    @SerializedName("unknown")
    UNKNOWN;

    /** As it is shown. */
    public String word() {
        return switch (this) {
            case PASSED -> "passed";
            case FAILED -> "failed";
            case TIMEOUT -> "timed out";
            case UNKNOWN -> "unknown";
        };
    }
}
