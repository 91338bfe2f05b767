package fr.relais.source;

/**
 * A range of positions in the result of a search, counted from 0, both ends included: the {@code range} parameter of
 * the source.
 */
public record Range(int first, int last) {

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
