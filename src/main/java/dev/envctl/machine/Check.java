package dev.envctl.machine;

/** Looks at one thing of the machine and changes nothing. Takes at most {@link Examination#LIMIT}. */
interface Check {
    String title();

    Need need();

    Verdict look();
}
