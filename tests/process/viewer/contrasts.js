/* Each text of the page, with the contrast to what is behind it: [[class and text, ratio]]. */
() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour, below) => {
    pen.fillStyle = below; pen.fillRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
    }
    return "white";
  };
  const hasText = (one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
  const isRead = (one) => hasText(one) && one.checkVisibility() && !one.matches(":disabled, .unseen, script");
  const text = [...document.querySelectorAll("body *")].filter(isRead);
  return text.map((one) => {
    const behind = back(one);
    const [a, b] = [light(getComputedStyle(one).color, behind), light(behind, "white")].sort((one, other) => other - one);
    return [`${one.className} ${one.textContent.trim().slice(0, 30)}`, (a + 0.05) / (b + 0.05)];
  });
}
