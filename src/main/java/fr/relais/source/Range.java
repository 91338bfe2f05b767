package fr.relais.source;

/**
 * Positions of offers in the answer to a search, both ends included, from 0: the {@code range} parameter of the source.
 */
public record Range(int first, int last) {

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
