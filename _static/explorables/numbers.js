/* Numbers: what all explorables compute with them, and how they are read in the page's language. */
(() => {
  "use strict";
  const range = (count) => [...Array(count).keys()];
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  /* Return the mean and the biased variance, in two passes. */
  function moments(values) {
    const mean = average(values);
    return { mean, variance: average(values.map((value) => (value - mean) ** 2)) };
  }

  /* Return a number with some digits after the point. */
  function number(value, digits = 2) {
    const rounded = Math.round(value * 10 ** digits) / 10 ** digits + 0; // no minus before a zero
    return written(rounded, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /* Return a number with some digits in all, and no zeros at its end. */
  function significant(value, digits = 2) {
    return written(value, { maximumSignificantDigits: digits });
  }

  function written(value, look) {
    return value.toLocaleString(document.documentElement.lang || "en", look).replace("-", "−");
  }

  /* Return a sentence with what it names in braces put in. */
  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  window.explorables = { average, clamp, fill, moments, number, range, significant };
})();
