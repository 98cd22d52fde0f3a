/** Deaths, full disks and damaged files by the thousand: real primaries and followers on a scripted host. */
@org.jspecify.annotations.NullMarked
package dev.envctl.scripted;
