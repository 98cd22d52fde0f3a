package dev.envctl.primary;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Follows what a primary says to the message that is wanted, over as many connections as that takes: on a machine that does too
 * much else one breaks although the primary is well.
 */
final class Following {
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** Connections in a row that bring nothing new. */
    private static final int FRUITLESS = 5;

    private static final int QUESTIONS = 3;

    private final PrimarySeat seat;
    private final PrimaryRecord primary;
    private final PrimaryClient client;

    Following(PrimarySeat seat, PrimaryRecord primary) {
        this.seat = seat;
        this.primary = primary;
        this.client = new PrimaryClient(primary);
    }

    /**
     * Follows from the beginning; each message is told once.
     *
     * @param until whether this message is the last one wanted
     * @return true when it came; false when the primary has ended, does not answer, or says nothing more
     */
    boolean run(Predicate<Message> until) {
        var news = new News(until);
        for (var fruitless = 0; fruitless < FRUITLESS; fruitless++) {
            if (client.follow(news.fromTheBeginning())) {
                return true;
            }
            if (news.any()) {
                fruitless = 0;
            }
            if (!answers()) {
                return false;
            }
        }
        return false;
    }

    private boolean answers() {
        for (var question = 0; question < QUESTIONS; question++) {
            seat.pause(PAUSE);
            if (seat.primary().filter(found -> found.pid() == primary.pid()).isEmpty()) {
                return false;
            }
            if (client.state().isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Passes on what has not been told on an earlier connection. */
    private static final class News implements Predicate<Message> {
        private final Predicate<Message> until;
        private int told;
        private int toldBefore;
        private int heard;

        News(Predicate<Message> until) {
            this.until = until;
        }

        News fromTheBeginning() {
            toldBefore = told;
            heard = 0;
            return this;
        }

        /** Whether this connection has brought any. */
        boolean any() {
            return told > toldBefore;
        }

        @Override
        public boolean test(Message message) {
            heard++;
            if (heard <= told) {
                return false;
            }
            told = heard;
            return until.test(message);
        }
    }
}
